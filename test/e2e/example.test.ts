import { documentationPicture, openSession, picture, type Session } from './browser';
import { openNode } from './editor';
import { n8n, rowsOf } from './world';

let session: Session;

beforeAll(async () => {
	session = await openSession();
});

afterAll(async () => await session?.close());

describe('the imported example', () => {
	test('runs as it is', async () => {
		const { page } = session;
		const workflows = await (await n8n()).workflows();
		const example = workflows.find(({ name }) => name.startsWith('Supabase: insert a list'));
		if (example === undefined) throw new Error('The example has not been imported.');
		await page.goto(`/workflow/${example.id}`);
		await page.getByTestId('canvas-node').first().waitFor();
		await page.getByTestId('execute-workflow-button').click();
		await page.getByText('Workflow executed successfully').waitFor();
		await picture(page, 'example');

		const written = await rowsOf('planets?select=name&name=in.(Jupiter,Saturn,Uranus,Neptune)');
		// The fourth row of the list is a bad one: it leaves by the error output.
		expect(written.map(({ name }) => name).sort()).toEqual(['Jupiter', 'Neptune', 'Saturn']);

		await openNode(page, 'Read Large Planets');
		await page.getByTestId('output-panel').getByText('Jupiter').first().waitFor();
		await picture(page, 'example-node');
		await documentationPicture(page, 'database-node');
	});
});
