/** Jest's `globalTeardown`: ends the stacks and removes what the run has written. */
export default async function teardown(): Promise<void> {
	await globalThis.endLanes?.();
}
