import type { SupabaseApiError } from '../../api/errors';
import { isSecretColumn } from './databaseWords';
import { sentence, shown } from './texts';

/** Details that hold a row's values, which the person has anyway and others need not read. */
const ROW = /^Failing row contains/;
const KEY = /^Key \((?<columns>.+?)\)=/;

/**
 * The service's own words, for whoever looks them up: message, details and hint, shortened.
 *
 * @param title what the person was told already, which is not repeated
 * @param mend the same
 */
export function saying(error: SupabaseApiError, title: string, mend: string | undefined): string {
	const said = [error.message, error.details, error.hint]
		.flatMap((text) => (text && text !== mend && mayBeShown(text) ? [shown(text)] : []))
		.filter((text) => text !== title && !/^HTTP status \d+$/.test(text));
	return said.length ? `${speaker(error)}: ${said.map(sentence).join(' ')}` : '';
}

function mayBeShown(text: string): boolean {
	return !ROW.test(text) && !isSecretColumn(KEY.exec(text)?.groups?.columns ?? '');
}

function speaker({ service, code = '' }: SupabaseApiError): string {
	if (code.startsWith('PGRST')) return 'PostgREST says';
	if (service === 'rest' && /^[0-9A-Z]{5}$/.test(code)) return 'PostgreSQL says';
	if (service === 'auth' && code) return 'Auth says';
	return service === 'storage' && code ? 'Storage says' : 'The server says';
}
