import type { Page } from 'playwright-core';

export interface CredentialFields {
	readonly url: string;
	readonly publishableKey: string;
	readonly secretKey: string;
}

/** Opens the form for a new credential of the pack. */
export async function openNewCredential(page: Page): Promise<void> {
	await page.goto('/home/credentials/create');
	await page.getByTestId('new-credential-type-select').click();
	await page.keyboard.type('supabase project');
	await page
		.getByTestId('new-credential-type-select-option')
		.filter({ hasText: 'Supabase Project API' })
		.click();
	await page.getByTestId('new-credential-type-button').click();
	await field(page, 'url').waitFor();
}

/** Fills the form, saves it, and gives what the form says after the test, details opened. */
export async function saveCredential(page: Page, fields: CredentialFields): Promise<string> {
	for (const [name, value] of Object.entries(fields)) {
		await field(page, name).fill(String(value));
	}
	await page.getByTestId('credential-save-button').click();
	const success = page.getByTestId('credentials-config-container-test-success');
	const failure = page.getByText('Couldn’t connect with these settings');
	await success.or(failure).filter({ visible: true }).waitFor();
	if (await failure.isVisible()) await page.getByText('More details').click();
	return await page.getByTestId('node-credentials-config-container').innerText();
}

function field(page: Page, name: string) {
	return page.getByTestId(`parameter-input-${name}`).locator('input');
}
