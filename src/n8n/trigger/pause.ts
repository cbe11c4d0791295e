/** Waits so many milliseconds, or until the signal is aborted. Never rejected. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((resolve) => {
		const timer = setTimeout(stop, milliseconds);
		function stop(): void {
			clearTimeout(timer);
			signal.removeEventListener('abort', stop);
			resolve();
		}
		signal.addEventListener('abort', stop, { once: true });
	});
}
