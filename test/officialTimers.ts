/**
 * For the top of a test file: lets the process end though the official client of Realtime keeps timers
 * of ten seconds beyond its end, one for each message and one for the end itself.
 */
export function letOfficialTimersGo(): void {
	const timers = jest.spyOn(globalThis, 'setTimeout');
	afterAll(() => {
		for (const { value } of timers.mock.results) (value as NodeJS.Timeout).unref();
		timers.mockRestore();
	});
}
