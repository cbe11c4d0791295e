/** A promise that is settled from outside, once; its rejection is nobody's surprise. */
export function settled() {
	let resolve = () => {};
	let reject: (error: Error) => void = () => {};
	const promise = new Promise<void>((fulfil, refuse) => {
		resolve = fulfil;
		reject = refuse;
	});
	promise.catch(() => undefined);
	return { promise, resolve, reject };
}
