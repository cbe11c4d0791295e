/**
 * The name of a file that was answered: the one that the answer gives it, without folders, or else
 * the function's.
 *
 * @param headers of the answer, names in lower case
 */
export function fileNameOf(headers: Readonly<Record<string, string>>, name: string): string {
	const disposition = headers['content-disposition'] ?? '';
	const [, encoded] = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(disposition) ?? [];
	const [, quoted, plain] =
		/filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;\s]+))/i.exec(disposition) ?? [];
	const given = decoded(encoded) ?? quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
	return given.split(/[/\\]/).at(-1) || name;
}

function decoded(text: string | undefined): string | undefined {
	try {
		return text && decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
