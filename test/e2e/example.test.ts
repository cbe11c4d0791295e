import { join } from 'node:path';
import { openSession, picture, type Session } from './browser';
import { openNode } from './editor';
import { n8n, rowsOf } from './world';

const README_PICTURE = join(__dirname, '../../docs/images/database-node.png');

let session: Session;

beforeAll(async () => {
	session = await openSession();
});

afterAll(async () => await session?.close());

describe('the imported example', () => {
	test('runs as it is', async () => {
		const { page } = session;
		const example = (await (await n8n()).workflows()).find(({ name }) =>
			name.startsWith('Supabase: insert a row'),
		);
		const before = await rowsOf('planets?select=id&name=eq.Pluto');
		await page.goto(`/workflow/${example?.id}`);
		await page.getByTestId('canvas-node').first().waitFor();
		await page.getByTestId('execute-workflow-button').click();
		await page.getByText('Workflow executed successfully').waitFor();
		await picture(page, 'example');
		expect(await rowsOf('planets?select=id&name=eq.Pluto')).toHaveLength(before.length + 1);

		await openNode(page, 'Select');
		await page.getByTestId('output-panel').getByText('Pluto').first().waitFor();
		await picture(page, 'example-node');
		if (process.env.E2E_README_PICTURE === '1') await page.screenshot({ path: README_PICTURE });
	});
});
