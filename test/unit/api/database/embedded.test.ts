import { embeddedRelations } from '../../../../src/api/database/embedded';

it.each([
	['*', []],
	['id,name::text,data->>city', []],
	['secrets(*)', ['secrets']],
	[' name , secrets ( key )', ['secrets']],
	['a:secrets(key)', ['secrets']],
	['"a:b":secrets(key)', ['secrets']],
	['secrets!inner(key)', ['secrets']],
	['a:secrets!fk_a!left(key)', ['secrets']],
	['...secrets(key)', ['secrets']],
	['...a:secrets(key)', ['secrets']],
	['teams(name,secrets(key),owner:people(*))', ['teams', 'secrets', 'people']],
	['"odd (name)"(id)', ['odd (name)']],
	['"a\\"b"(id)', ['a"b']],
	['teams(count)', ['teams']],
	['count(*)', ['count']],
	['secrets()', ['secrets']],
	['count()', []],
	['size.sum(),total:size.avg()::int', []],
	['teams(size.max())', ['teams']],
	['"a,b(c",d', []],
])('%j reads %j', (expression, relations) => {
	expect(embeddedRelations(expression)).toEqual(relations);
});
