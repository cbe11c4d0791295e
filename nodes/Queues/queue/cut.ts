/** For a list of queues that the project's row cap cut. */
export const CUT =
	"There are more queues than the project's row cap (Max Rows) lets through: not all of them are here.";
