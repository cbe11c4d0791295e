/** Runs what it is given one after the other, in the order of the calls. */
export function oneAfterTheOther(): <T>(begin: () => Promise<T>) => Promise<T> {
	let last: Promise<void> = Promise.resolve();
	return async (begin) => {
		const before = last;
		let done = () => {};
		last = new Promise((resolve) => (done = resolve));
		try {
			await before;
			return await begin();
		} finally {
			done();
		}
	};
}
