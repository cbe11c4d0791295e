import { oneAfterTheOther } from '../../../../src/n8n/trigger/turns';

/** A task that is ended from outside. */
function task(name: string, said: string[]) {
	let end = () => {};
	const over = new Promise<void>((resolve) => (end = resolve));
	const run = async () => {
		said.push(`${name} begins`);
		await over;
		said.push(`${name} ends`);
		return name;
	};
	return { run, end };
}

test('what was asked for first ends before the next begins, whichever could end first', async () => {
	const said: string[] = [];
	const inTurn = oneAfterTheOther();
	const [first, second, third] = [task('a', said), task('b', said), task('c', said)];
	const results = [first, second, third].map(async (each) => await inTurn(each.run));
	third.end();
	second.end();
	await new Promise((resolve) => setImmediate(resolve));
	expect(said).toEqual(['a begins']);
	first.end();
	expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
	expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('one that fails tells its caller alone, and the next begins', async () => {
	const inTurn = oneAfterTheOther();
	const failing = inTurn(async () => await Promise.reject(new Error('no')));
	const next = inTurn(async () => await Promise.resolve('yes'));
	await expect(failing).rejects.toThrow('no');
	expect(await next).toBe('yes');
});
