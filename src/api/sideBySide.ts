/** How many requests of one kind are under way at once. */
const WIDTH = 8;

/**
 * Maps with a bounded number of calls under way. The first that fails stops the rest from starting.
 *
 * @returns the results in the order of the inputs
 * @throws what the first failing call throws
 */
export async function sideBySide<In, Out>(
	inputs: readonly In[],
	map: (input: In) => Promise<Out>,
	width = WIDTH,
): Promise<Out[]> {
	const outputs: Out[] = [];
	const queue = inputs.entries();
	let stopped = false;
	const worker = async () => {
		for (const [index, input] of queue) {
			if (stopped) return;
			outputs[index] = await map(input).catch((error: unknown) => {
				stopped = true;
				throw error;
			});
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, inputs.length) }, worker));
	return outputs;
}
