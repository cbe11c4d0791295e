import { formPicture, openSession, type Session } from './browser';
import { openPrepared, type PreparedNode } from './workflow';

/** What a form shows of the node's own, in its order. */
export type Shows = readonly [resource: string, operation: string, ...labels: string[]];

/**
 * Opens the form of each operation in the editor, leaves a picture of it, and compares what it shows.
 *
 * @param prefix of the pictures' names
 * @param parameters what is chosen beside resource and operation, so that all of it shows
 */
export function testForms(
	type: PreparedNode['type'],
	prefix: string,
	forms: readonly Shows[],
	parameters: Readonly<Record<string, unknown>> = {},
): void {
	let session: Session;

	beforeAll(async () => {
		session = await openSession();
	});

	afterAll(async () => await session?.close());

	test.each(forms)('the form of %s, %s', async (resource, operation, ...labels) => {
		const { page } = session;
		await page.setViewportSize({ width: 1200, height: 1100 });
		await openPrepared(page, `${resource} ${operation}`, {
			type,
			parameters: { resource, operation, ...parameters },
		});
		const form = page.getByTestId('node-parameters');
		await form.waitFor();
		const shown = await form.locator('label').allInnerTexts();
		const names = shown.map((text) => text.split('\n')[0]?.trim() ?? '').filter(Boolean);
		const hidden = await form.evaluate((shown) => shown.scrollHeight - shown.clientHeight);
		await page.setViewportSize({ width: 1200, height: 1100 + hidden });
		await formPicture(form, `${prefix}-${resource}-${operation}`);
		// Behind them stands what n8n lets one set of any node, and somewhere the credential.
		const own = names.slice(names.indexOf('Resource'), names.indexOf('Always Output Data'));
		expect(own.filter((name) => name !== 'Credential')).toEqual([
			'Resource',
			'Operation',
			...labels,
		]);
	});
}
