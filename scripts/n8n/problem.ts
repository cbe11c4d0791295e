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

interface Symptom {
	readonly pattern: RegExp;
	readonly message: string;
	readonly advice: string;
}

/** What npm, Node and PostgreSQL say, and what it means. The first match counts. */
const SYMPTOMS: readonly Symptom[] = [
	{
		pattern: /ENOSPC|no space left on device|not enough space/i,
		message: 'The disk is full.',
		advice: 'Free some space (the whole needs about 3.5 GB) and start again: it goes on from here.',
	},
	{
		pattern: /EDQUOT|disk quota exceeded/i,
		message: 'Your disk quota is used up.',
		advice: 'Free some space (the whole needs about 3.5 GB) and start again: it goes on from here.',
	},
	{
		pattern:
			/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|network (?:request|timeout)/,
		message: 'The npm registry cannot be reached.',
		advice:
			'Check the network (and the proxy: npm config get proxy, https-proxy) and start again. ' +
			'Once everything is installed, no network is needed.',
	},
	{
		pattern: /CERT_|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/,
		message: "The npm registry's certificate is not trusted.",
		advice:
			'If a proxy of your company inspects the traffic, name its certificate: npm config set cafile <file>.',
	},
	{
		pattern: /E40[13]\b/,
		message: 'The npm registry refuses access.',
		advice: 'Look at your .npmrc: npm config get registry, and npm login where it asks for one.',
	},
	{
		pattern: /ETARGET|E404|No matching version/,
		message: 'The npm registry does not have one of the packages.',
		advice: 'A mirror may be incomplete: npm config get registry. The public one has them all.',
	},
	{
		pattern: /EACCES|EPERM|EROFS|permission denied/i,
		message: 'A file or folder cannot be written.',
		advice:
			'See that the whole checkout belongs to you and that no other program holds files in it.',
	},
];

/**
 * Turns what a program printed before it failed into a {@link Problem}.
 * @param what what was being done, as in "Installing n8n"
 * @param output the program's output, or an error's text
 * @param log where the whole output stands, if anywhere
 */
export function diagnose(what: string, output: string, log?: string): Problem {
	const where = log === undefined ? '' : ` The whole output: ${log}`;
	const symptom = SYMPTOMS.find(({ pattern }) => pattern.test(output));
	if (symptom !== undefined) {
		return new Problem(`${what} failed. ${symptom.message}`, `${symptom.advice}${where}`);
	}
	const tail = output.trim().split('\n').slice(-12).join('\n');
	return new Problem(`${what} failed:\n${tail}`, where.trim() || undefined);
}
