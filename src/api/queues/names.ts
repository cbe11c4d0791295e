import { InvalidRequestError } from '../errors';

/** What pgmq takes: 47 characters, as it puts `q_` and more before them. */
const LONGEST = 47;

/** What a dead letter queue has behind the name of the queue that it is for. */
const DEAD = '_dead';

/** Leaves room for the dead letter queue's name, and needs no quotes in SQL. */
const NEW_NAME = /^[a-z][a-z0-9_]{0,41}$/;

/** pgmq refuses these anywhere in a name. */
const FORBIDDEN = /[$;']|--|\0/;

/**
 * Checks the name of a queue that is there. pgmq folds names to lower case, and takes blanks.
 *
 * @returns the name, as it is
 * @throws InvalidRequestError for a name that no queue can have
 */
export function checkQueueName(name: string): string {
	const refused =
		typeof name !== 'string' || name === ''
			? 'is empty'
			: [...name].length > LONGEST
				? `has more than ${LONGEST} characters`
				: FORBIDDEN.test(name)
					? "holds one of $ ; ' or --"
					: undefined;
	if (!refused) return name;
	throw new InvalidRequestError(
		`The name of the queue ${refused}`,
		'Give the name that the dashboard shows under Integrations, Queues, without "q_".',
	);
}

/**
 * Checks the name of a queue that is to be made.
 *
 * @returns the name, as it is
 * @throws InvalidRequestError for a name that is not 1 to 42 of a-z, 0-9 and _ with a letter first
 */
export function checkNewQueueName(name: string): string {
	if (typeof name === 'string' && NEW_NAME.test(name)) return name;
	throw new InvalidRequestError(
		`"${String(name).slice(0, 60)}" cannot be the name of a new queue`,
		'Use up to 42 of the small letters a to z, digits and _, with a letter first, as in mail_to_send.',
	);
}

/** The name of the queue that keeps what could not be worked off. */
export function deadQueueName(queue: string): string {
	return queue + DEAD;
}
