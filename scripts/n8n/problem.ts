/** A fault that the person at the terminal can mend: shown as its text, without a stack. */
export class Problem extends Error {
	/**
	 * @param message what went wrong
	 * @param advice what to do about it
	 */
	constructor(
		message: string,
		readonly advice?: string,
	) {
		super(message);
		this.name = 'Problem';
	}
}

/** What npm, Node and PostgreSQL say, what it means, and how to mend it. The first match counts. */
const SYMPTOMS: ReadonlyArray<readonly [pattern: RegExp, message: string, advice: string]> = [
	[
		/ENOSPC|EDQUOT|no space left on device|not enough space|quota exceeded/i,
		'The disk is full.',
		'Free some space (the whole needs about 3.5 GB) and start again: it goes on from here.',
	],
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|network (?:request|timeout)/,
		'The npm registry cannot be reached.',
		'Check the network (and the proxy: npm config get proxy, https-proxy) and start again. Once everything is installed, no network is needed.',
	],
	[
		/CERT_|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/,
		"The npm registry's certificate is not trusted.",
		'If a proxy of your company inspects the traffic, name its certificate: npm config set cafile <file>.',
	],
	[
		/E40[13]\b/,
		'The npm registry refuses access.',
		'Look at your .npmrc: npm config get registry, and npm login where it asks for one.',
	],
	[
		/ETARGET|E404|No matching version/,
		'The npm registry does not have one of the packages.',
		'A mirror may be incomplete: npm config get registry. The public one has them all.',
	],
	[
		/EACCES|EPERM|EROFS|permission denied/i,
		'A file or folder cannot be written.',
		'See that the whole checkout belongs to you and that no other program holds files in it.',
	],
];

/**
 * Turns what a program printed before it failed into a {@link Problem}.
 *
 * @param what what was being done, as in "Installing n8n"
 * @param output the program's output, or an error's text
 * @param log where the whole output stands, if anywhere
 */
export function diagnose(what: string, output: string, log?: string): Problem {
	const where = log === undefined ? '' : ` The whole output: ${log}`;
	for (const [pattern, message, advice] of SYMPTOMS)
		if (pattern.test(output)) return new Problem(`${what} failed. ${message}`, advice + where);
	const tail = output.trim().split('\n').slice(-12).join('\n');
	return new Problem(`${what} failed:\n${tail}`, where.trim() || undefined);
}
