import { openSession, picture, type Session } from './browser';
import { openNewCredential, saveCredential } from './credential';
import { world } from './world';

let session: Session;

beforeAll(async () => {
	session = await openSession();
});

afterAll(async () => await session?.close());

describe('the credential in the editor', () => {
	const { supabaseUrl, publishableKey, secretKey } = world();
	const right = { url: supabaseUrl, publishableKey, secretKey };

	test('works with the right keys', async () => {
		await openNewCredential(session.page);
		const outcome = await saveCredential(session.page, right);
		await picture(session.page, 'credential-right');
		expect(outcome).toMatch(/Connection tested successfully/);
	});

	test('says that a key is wrong', async () => {
		await openNewCredential(session.page);
		const outcome = await saveCredential(session.page, {
			...right,
			secretKey: `sb_secret_${'x'.repeat(31)}`,
		});
		await picture(session.page, 'credential-wrong-key');
		expect(outcome).toMatch(/key/i);
	});

	test('says that nobody is at the address', async () => {
		await openNewCredential(session.page);
		const outcome = await saveCredential(session.page, { ...right, url: 'http://127.0.0.1:9' });
		await picture(session.page, 'credential-wrong-url');
		expect(outcome).toMatch(/127\.0\.0\.1:9|reach|connect/i);
	});
});
