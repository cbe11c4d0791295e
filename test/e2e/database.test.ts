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

	test('shows no more than Schema and Table until a table is chosen', async () => {
		const { page } = session;
		await addAction(page, 'Select rows');
		const further = [
			page.getByTestId('fixed-collection-filters'),
			...['columnsMode', 'match', 'return', 'returnAll', 'limit', 'runAs'].map((name) =>
				page.getByTestId(`parameter-input-${name}`),
			),
		];
		await picture(page, 'no-table-yet');
		await expect(page.getByTestId('resource-locator-schema').isVisible()).resolves.toBe(true);
		for (const each of further) expect(await each.isVisible()).toBe(false);

		await chooseFromList(tableOf(page), 'planets');
		for (const each of further) await each.waitFor();
	});

	test('lists the operators of a filter, the usual ones first', async () => {
		const { page } = session;
		await addAction(page, 'Select rows');
		await chooseFromList(tableOf(page), 'planets');
		await addFilter(page);
		await page.getByTestId('parameter-input-operator').click();
		const operators = page.locator('.el-select-dropdown:visible .option-headline');
		await operators.first().waitFor();
		await picture(page, 'list-of-operators');
		const names = (await operators.allInnerTexts()).map((text) => text.trim());
		expect(names.slice(0, 13)).toEqual([
			...['Equals', 'Does Not Equal', 'Contains Text', 'Starts With', 'Ends With'],
			...['Greater Than', 'Greater Than or Equal', 'Less Than', 'Less Than or Equal'],
			...['Is in List', 'Is Not in List', 'Is Null', 'Is Not Null'],
		]);
	});

	test('asks right below the table by what an existing row is found', async () => {
		const { page } = session;
		await addAction(page, 'Create or update rows');
		await chooseFromList(tableOf(page), 'contacts');
		const inOrder = [
			tableOf(page),
			page.getByTestId('parameter-input-keyColumns'),
			page.getByTestId('parameter-input-resolution'),
			page.getByTestId('parameter-input-rowSource'),
		];
		for (const each of inOrder) await each.waitFor();
		await picture(page, 'create-or-update-form');
		const tops = await Promise.all(
			inOrder.map(async (each) => (await each.boundingBox())?.y ?? NaN),
		);
		expect(tops).toEqual([...tops].sort((a, b) => a - b));
		await page.getByText('Empty: the primary key').waitFor();
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
		// The editor takes what is typed after a moment, and only then shows what stands behind it.
		await page.getByTestId('parameter-input-columnsMode').waitFor();
		await execute(page);
		await picture(page, 'error-unknown-table');

		const output = await outputOf(page);
		expect(output).toContain('There is no table planetz in the schema public');
		expect(output).toMatch(/Do you mean planets\?/);
	});

	test('says why a row is refused', async () => {
		const { page } = session;
		await addAction(page, 'Insert rows');
		await chooseFromList(tableOf(page), 'contacts');
		await choose(page.getByTestId('mapping-mode-select'), 'Map Each Column Manually');
		await page.getByTestId('parameter-input-email').locator('input').fill('ada@example.com');
		await execute(page);
		await picture(page, 'error-duplicate');

		const output = await outputOf(page);
		expect(output).toMatch(/A row with email "?ada@example\.com"? exists already/);
		expect(output).toContain('Use Create or Update with email in Columns to Match On');
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
