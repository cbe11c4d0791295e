import process from 'node:process';

/** How often a line is added where the output is no terminal (a log, CI). */
const LOG_EVERY_MS = 15_000;
const REDRAW_EVERY_MS = 500;

/** Says how far a step is, in a few words: "1,204 of 2,106 packages". */
export type Say = (detail: string) => void;

/**
 * Runs one step and shows what it does and for how long: on a terminal as one line that is
 * redrawn, elsewhere as a line now and then.
 * @param title what is being done, as in "Installing n8n 2.41.1"
 * @param work the step; it gets a function to say how far it is, and may return a text for the
 * closing line
 * @returns what `work` returned
 */
export async function step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	const terminal = process.stdout.isTTY;
	let detail = '';

	const line = () => `  ${title} … ${seconds()} s${detail === '' ? '' : ` (${detail})`}`;
	const draw = () => {
		// Cut to the terminal's width: a line that wraps cannot be redrawn.
		const width = (process.stdout.columns ?? 80) - 1;
		process.stdout.write(`\r\x1b[K${line().slice(0, width)}`);
	};
	const timer = terminal
		? setInterval(draw, REDRAW_EVERY_MS)
		: setInterval(() => console.log(line()), LOG_EVERY_MS);
	if (terminal) draw();

	try {
		const result = await work((text) => {
			detail = text;
		});
		if (terminal) process.stdout.write('\r\x1b[K');
		console.log(`✓ ${title} (${seconds()} s)`);
		return result;
	} catch (error) {
		if (terminal) process.stdout.write('\r\x1b[K');
		console.log(`✗ ${title} (${seconds()} s)`);
		throw error;
	} finally {
		clearInterval(timer);
	}
}

/** A remark between the steps. */
export function note(text: string): void {
	console.log(`  ${text}`);
}
