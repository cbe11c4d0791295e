const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'`': '&#96;',
	'\n': '<br>\n',
};

/**
 * SQL for the description of an error, which n8n's editor shows as HTML. Without that its lines run
 * together, so that its first comment hides all behind it, and what stands between < and > is gone.
 */
export function sqlShown(sql: string): string {
	return `<br>\n<br>\n<code>${sql.replaceAll(/[&<>`\n]/g, (sign) => ENTITIES[sign] ?? sign)}</code>`;
}
