/** How often a step that lasts says that it still does. */
const EVERY_MS = 15_000;

/**
 * Runs one step and tells what it does, how far it is, and how long it took.
 *
 * @param work the step; by its argument it says how far it is
 * @returns what `work` returned
 */
export async function step<T>(
	title: string,
	work: (say: (detail: string) => void) => Promise<T>,
): Promise<T> {
	const started = performance.now();
	const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`;
	let detail = '';
	console.log(`  ${title} …`);
	const timer = setInterval(() => console.log(`  … ${seconds()}${detail}`), EVERY_MS);
	try {
		const result = await work((text) => (detail = `, ${text}`));
		console.log(`✓ ${title} (${seconds()})`);
		return result;
	} catch (error) {
		console.log(`✗ ${title} (${seconds()})`);
		throw error;
	} finally {
		clearInterval(timer);
	}
}
