/**
 * How many requests of one kind are under way at once: as many connections as PostgREST has to its
 * database, unless a project sets more (`db-pool`).
 */
export const WIDTH = 10;

/**
 * Maps with a bounded number of calls under way. The first that fails stops the rest from starting;
 * those under way are waited for, so that nothing goes on behind the caller's back.
 *
 * @returns the results in the order of the inputs
 * @throws what the first failing call throws, once nothing is under way any more
 */
export async function sideBySide<In, Out>(
	inputs: readonly In[],
	map: (input: In) => Promise<Out>,
	width = WIDTH,
): Promise<Out[]> {
	const outputs: Out[] = [];
	const failures: unknown[] = [];
	const queue = inputs.entries();
	const worker = async () => {
		for (const [index, input] of queue) {
			if (failures.length) return;
			try {
				outputs[index] = await map(input);
			} catch (error) {
				failures.push(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, inputs.length) }, worker));
	if (failures.length) throw failures[0];
	return outputs;
}
