import type { Call } from './call';
import type { AuthSettings } from './settings';

/**
 * Where a link leads in the end: the address asked for in the query, or the page that asked; the
 * Site URL in silence where neither is allowed.
 */
export function redirectOf(call: Call): string {
	const { settings, query } = call;
	const candidates = [call.header('redirect_to'), query.get('redirect_to'), call.header('referer')];
	return candidates.find((one) => isAllowed(one, settings)) ?? settings.siteUrl;
}

/** May links lead there? */
export function isAllowed(address: string | null | undefined, settings: AuthSettings): boolean {
	if (!address) return false;
	const url = parse(address);
	const site = parse(settings.siteUrl);
	if (!url || !site) return false;
	const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
	if (url.hostname === site.hostname && url.protocol === site.protocol)
		if (url.port === site.port || isLoopback) return true;
	if (/^[\d.]+$/.test(url.hostname)) return isLoopback;
	const [withoutFragment = ''] = address.split('#');
	return settings.redirectUrls.some((pattern) => patternOf(pattern).test(withoutFragment));
}

function parse(address: string): URL | undefined {
	return URL.canParse(address) ? new URL(address) : undefined;
}

function patternOf(glob: string): RegExp {
	const source = glob
		.split(/(\*\*|\*)/)
		.map((each) =>
			each === '**' ? '.*' : each === '*' ? '[^./]*' : each.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
		)
		.join('');
	return new RegExp(`^${source}$`);
}

/** An address as part of a link: as it is, unless that would break the link. */
export function inLink(address: string): string {
	return /[&=#]/.test(address) ? encodeURIComponent(address) : address;
}
