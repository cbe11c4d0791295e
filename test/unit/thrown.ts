/** What a call throws; fails the test if it does not. */
export function thrownBy(call: () => unknown): Error {
	try {
		call();
	} catch (error) {
		return error as Error;
	}
	throw new Error('Nothing was thrown');
}

/** What a promise is rejected with; fails the test if it is not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
	return await promise.then(
		() => {
			throw new Error('It was not rejected');
		},
		(error: unknown) => error as Error,
	);
}
