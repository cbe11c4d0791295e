import { fileNameOf } from '../../../../nodes/Functions/function/fileName';

test.each([
	[undefined, 'hello'],
	['inline', 'hello'],
	['attachment; filename="a b.pdf"', 'a b.pdf'],
	['attachment; filename=a.pdf', 'a.pdf'],
	['attachment; filename=a.pdf; size=3', 'a.pdf'],
	['attachment; filename="plain.txt"; filename*=UTF-8\'\'Gr%C3%B6%C3%9Fe.txt', 'Größe.txt'],
	["attachment; filename*=UTF-8''%E0%A4%A; filename=plain.txt", 'plain.txt'],
	['attachment; filename="say \\"hi\\".txt"', 'say "hi".txt'],
	['attachment; filename="../../etc/passwd"', 'passwd'],
	['attachment; filename="C:\\\\temp\\\\a.txt"', 'a.txt'],
	['attachment; filename="folder/"', 'hello'],
])('%j: %s', (disposition, name) => {
	const headers: Record<string, string> = disposition ? { 'content-disposition': disposition } : {};
	expect(fileNameOf(headers, 'hello')).toBe(name);
});
