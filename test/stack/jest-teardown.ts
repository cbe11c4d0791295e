import type { StackChild } from './child';

/** Jest's `globalTeardown`: ends the stack that the setup started. */
export default async function teardown(): Promise<void> {
	const { localStack } = globalThis as { localStack?: StackChild };
	await localStack?.stop();
}
