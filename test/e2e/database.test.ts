import { openSession, picture, type Session } from './browser';
import {
	addAction,
	addFilter,
	choose,
	chooseFromList,
	execute,
	listOf,
	openNodePanel,
	outputOf,
	tableOf,
	typeByName,
} from './editor';
import { rowsOf } from './world';

let session: Session;

beforeAll(async () => {
	session = await openSession();
});

afterAll(async () => await session?.close());

describe('the Database node in the editor', () => {
	test('is found, with its operations', async () => {
		const { page } = session;
		await openNodePanel(page, 'supabase');
		await page
			.getByTestId('node-creator-item-name')
			.filter({ hasText: /^Supabase Database$/ })
			.click();
		await page.getByText('Insert rows', { exact: true }).waitFor();
		await page.getByText('Select rows', { exact: true }).waitFor();
		await picture(page, 'node-panel');
	});

	test('lists tables and columns from the database', async () => {
		const { page } = session;
		await addAction(page, 'Select rows');
		const tables = await listOf(tableOf(page));
		await picture(page, 'list-of-tables');
		expect(tables).toEqual(expect.arrayContaining(['planets', 'countries', 'Order Items']));
		await page.getByTestId('rlc-item').getByText('planets', { exact: true }).click();

		await addFilter(page);
		const columns = await listOf(page.getByTestId('resource-locator-column').first());
		await picture(page, 'list-of-columns');
		expect(columns.map((text) => text.split(' ')[0])).toEqual(
			expect.arrayContaining(['id', 'name', 'mass', 'habitable']),
		);
	});

	test('inserts a row, column by column', async () => {
		const { page } = session;
		const name = `Ceres ${Date.now()}`;
		await addAction(page, 'Insert rows');
		await chooseFromList(tableOf(page), 'planets');
		await choose(page.getByTestId('mapping-mode-select'), 'Map Each Column Manually');
		await page.getByTestId('parameter-input-name').locator('input').fill(name);
		await page.getByTestId('parameter-input-mass').locator('input').fill('0.00016');
		await execute(page);
		await picture(page, 'insert');

		expect(await outputOf(page)).toContain(name);
		const written = await rowsOf(
			`planets?select=mass,habitable&name=eq.${encodeURIComponent(name)}`,
		);
		// The columns that nobody filled in are left to the database.
		expect(written).toEqual([{ mass: 0.00016, habitable: null }]);
	});

	test('selects rows with a filter', async () => {
		const { page } = session;
		await addAction(page, 'Select rows');
		await chooseFromList(tableOf(page), 'countries');
		await addFilter(page);
		const column = page.getByTestId('resource-locator-column').first();
		await listOf(column);
		await page.getByTestId('rlc-item').filter({ hasText: /^name/, visible: true }).click();
		await page.getByTestId('parameter-input-value').locator('input').fill('Germany');
		await execute(page);
		await picture(page, 'select');

		const output = await outputOf(page);
		expect(output).toContain('1 item');
		expect(output).toContain('Germany');
	});

	test('says what is wrong with a table, and how to mend it', async () => {
		const { page } = session;
		await addAction(page, 'Select rows');
		await typeByName(tableOf(page), 'planetz');
		await execute(page);
		await picture(page, 'error-unknown-table');

		const output = await outputOf(page);
		expect(output).toContain('planetz');
		expect(output).toMatch(/Perhaps you meant the table 'public\.planets'/);
	});

	test('says why a row is refused', async () => {
		const { page } = session;
		await addAction(page, 'Insert rows');
		await chooseFromList(tableOf(page), 'contacts');
		await choose(page.getByTestId('mapping-mode-select'), 'Map Each Column Manually');
		await page.getByTestId('parameter-input-email').locator('input').fill('ada@example.com');
		await execute(page);
		await picture(page, 'error-duplicate');

		expect(await outputOf(page)).toMatch(/contacts_email_key/);
	});

	test('keeps row level security for the publishable key', async () => {
		const { page } = session;
		await addAction(page, 'Insert rows');
		await chooseFromList(tableOf(page), 'notes');
		await choose(page.getByTestId('mapping-mode-select'), 'Map Each Column Manually');
		await page.getByTestId('parameter-input-body').locator('input').fill('Not mine to write');
		await choose(page.getByTestId('parameter-input-runAs'), 'Anonymous');
		await execute(page);
		await picture(page, 'error-row-level-security');

		expect(await outputOf(page)).toMatch(/row-level security|polic/i);
	});
});
