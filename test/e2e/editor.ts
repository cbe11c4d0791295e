import type { Locator, Page } from 'playwright-core';

/** A list, a text or a run takes this long at most. */
const RUN_MS = 60_000;

/** Makes a new workflow with one of the pack's actions, through the node panel as a person does. */
export async function addAction(page: Page, action: string): Promise<void> {
	await openNodePanel(page, 'supabase');
	await page
		.getByTestId('node-creator-item-name')
		.filter({ hasText: /^Supabase Database$/ })
		.click();
	await page.getByText(action, { exact: true }).click();
	await page.getByTestId('ndv').waitFor();
	await chooseCredential(page, 'Local Supabase');
}

/** Opens a new workflow and searches the node panel. */
export async function openNodePanel(page: Page, text: string): Promise<void> {
	await page.goto('/workflow/new');
	await page.getByTestId('canvas-add-button').waitFor();
	await page.getByTestId('node-creator-plus-button').click();
	await page.getByTestId('node-creator-search-bar').click();
	await page.keyboard.type(text);
	await page.getByTestId('node-creator-item-name').first().waitFor();
}

/** Opens a node of the canvas. */
export async function openNode(page: Page, name: string): Promise<void> {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	await page.getByTestId('ndv').waitFor();
}

/** n8n takes the newest credential for a new node; the tests say which. */
async function chooseCredential(page: Page, name: string): Promise<void> {
	await page.getByTestId('node-credentials-select').click();
	await page
		.locator('[data-test-id^="node-credentials-select-item"]:visible')
		.filter({ hasText: name })
		.first()
		.click();
}

/** The names that a resource locator lists, which is left open. */
export async function listOf(locator: Locator): Promise<string[]> {
	await locator.getByTestId('rlc-input').click();
	const items = locator.page().getByTestId('rlc-item').filter({ visible: true });
	await items.first().waitFor();
	return await items.allInnerTexts();
}

/** Chooses from a resource locator's list. */
export async function chooseFromList(locator: Locator, name: string): Promise<void> {
	await listOf(locator);
	const items = locator.page().getByTestId('rlc-item').filter({ visible: true });
	await items.getByText(name, { exact: true }).click();
}

/** Types into a resource locator by name. */
export async function typeByName(locator: Locator, name: string): Promise<void> {
	await locator.getByTestId('rlc-mode-selector').click();
	await locator.page().getByTestId('mode-name').filter({ visible: true }).click();
	await locator
		.locator('input[data-test-id="rlc-input"], [data-test-id="rlc-input"] input')
		.fill(name);
}

/** Chooses from a drop-down list. */
export async function choose(input: Locator, option: string): Promise<void> {
	await input.click();
	const list = input.page().locator('.el-select-dropdown:visible');
	await list.getByText(option, { exact: true }).click();
}

/** Adds an empty filter to the Database node. */
export async function addFilter(page: Page): Promise<void> {
	await page.getByTestId('fixed-collection-filters').getByPlaceholder('Add Filter').click();
	await page.locator('.el-select-dropdown:visible').getByText('Filter', { exact: true }).click();
}

/** The table of the Database node. */
export function tableOf(page: Page): Locator {
	return page.getByTestId('resource-locator-table');
}

/** Runs the open node. */
export async function execute(page: Page): Promise<void> {
	const output = page.getByTestId('output-panel');
	await page.getByTestId('node-execute-button').click();
	await output
		.getByTestId('ndv-run-data-display-mode')
		.or(output.getByText('Error details'))
		.filter({ visible: true })
		.first()
		.waitFor({ timeout: RUN_MS });
}

/** What the open node's output says, as a person reads it. */
export async function outputOf(page: Page): Promise<string> {
	return await page.getByTestId('output-panel').innerText();
}
