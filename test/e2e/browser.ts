import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, selectors, type Browser, type Locator, type Page } from 'playwright-core';
import { world } from './world';

const PICTURES = join(__dirname, 'pictures');
const DOCUMENTATION = join(__dirname, '../../docs/images');
const SIZE = { width: 1440, height: 900 };
const SWITCHES = [
	...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
	...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
/** Long: a small machine that runs n8n, PostgreSQL and a browser at once takes its time. */
const PATIENCE_MS = 120_000;

/** One browser with one page, logged in to n8n. */
export interface Session {
	readonly page: Page;
	close(): Promise<void>;
}

/** Starts a browser that speaks to this machine alone, and logs in as a person does. */
export async function openSession(): Promise<Session> {
	const { chromium: executablePath, n8nUrl, email, password } = world();
	selectors.setTestIdAttribute('data-test-id');
	const browser: Browser = await chromium.launch({ executablePath, args: SWITCHES });
	const context = await browser.newContext({
		baseURL: n8nUrl,
		viewport: SIZE,
		colorScheme: 'light',
	});
	context.setDefaultTimeout(PATIENCE_MS);
	await context.route(
		({ hostname }) => hostname !== '127.0.0.1',
		async (route) => await route.abort(),
	);
	const page = await context.newPage();
	await page.goto('/signin');
	await page.locator('input[name=emailOrLdapLoginId]').fill(email);
	await page.locator('input[name=password]').fill(password);
	await page.locator('input[name=password]').press('Enter');
	await page.waitForURL(({ pathname }) => pathname !== '/signin');
	return { page, close: async () => await browser.close() };
}

/** Leaves a picture for a person to look at: test/e2e/pictures/<name>.png. */
export async function picture(page: Page, name: string): Promise<void> {
	mkdirSync(PICTURES, { recursive: true });
	// Pop-ups and messages slide in; a picture of them on their way shows nothing.
	await page.waitForTimeout(600);
	await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** With README_PICTURE=1: takes the picture anew that the documentation shows, docs/images/<name>.png. */
export async function documentationPicture(page: Page, name: string): Promise<void> {
	if (process.env.README_PICTURE !== '1') return;
	const before = page.viewportSize();
	await page
		.getByText(/executed successfully/)
		.first()
		.waitFor({ state: 'hidden' });
	await page.setViewportSize(SIZE);
	await page.waitForTimeout(600);
	await page.screenshot({ path: join(DOCUMENTATION, `${name}.png`) });
	if (before) await page.setViewportSize(before);
}

/**
 * Leaves a picture of a form; with README_PICTURE=1 the one that the documentation shows, too, as
 * docs/images/<name>.png.
 */
export async function formPicture(form: Locator, name: string): Promise<void> {
	mkdirSync(PICTURES, { recursive: true });
	// What slides in is not there yet.
	await form.page().waitForTimeout(300);
	await form.screenshot({ path: join(PICTURES, `${name}.png`) });
	if (process.env.README_PICTURE !== '1') return;
	await form.screenshot({ path: join(DOCUMENTATION, `${name}.png`) });
}
