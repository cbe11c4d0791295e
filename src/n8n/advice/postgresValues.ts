import type { Advice } from './advice';

/** What PostgreSQL refuses because of a value: classes 22 and 23. */
export const VALUES: readonly Advice[] = [
	{
		code: /^23505$/,
		details: /^Key \((?<column>.+?)\)=\((?<value>.*)\) already exists/s,
		on: /^row\.upsert$/,
		title: 'A row with {column} {keyValue} exists already: choose {column} in Columns to Match On',
		mend: 'Then that row is updated. Rows are found by the primary key otherwise, and {column} has to be unique beside it.',
	},
	{
		code: /^23505$/,
		details: /^Key \((?<column>.+?)\)=\((?<value>.*)\) already exists/s,
		on: /^row\.insert$/,
		title: 'A row with {column} {keyValue} exists already',
		mend: 'Use Create or Update with {column} in Columns to Match On to change that row, give another value, or leave the column out if it fills itself.',
	},
	{
		code: /^23505$/,
		details: /^Key \((?<column>.+?)\)=\((?<value>.*)\) already exists/s,
		title: 'A row with {column} {keyValue} exists already',
		mend: 'Give another value, or change or delete that row.',
	},
	{
		code: /^23505$/,
		message: /^duplicate key value violates unique constraint "(?<constraint>.+)"/,
		title: 'A row like this exists already (constraint {constraint})',
		mend: 'Give another value, leave the column out if it fills itself, or change the existing row.',
	},
	{
		code: /^23505$/,
		mend: 'Give another value, leave the column out if it fills itself, or change the existing row.',
	},
	{
		code: /^23503$/,
		details:
			/^Key \((?<column>.+?)\)=\((?<value>.*)\) is still referenced from table "(?<other>.+)"/s,
		title: 'Rows of table {other} still refer to the row with {column} {keyValue}',
		mend: 'Delete or change those first, or let the foreign key do it (ON DELETE CASCADE).',
	},
	{
		code: /^23503$/,
		message: /^update or delete/,
		title: 'Other rows still refer to this one',
		mend: 'Delete or change those first.',
	},
	{
		code: /^23503$/,
		details: /^Key \((?<column>.+?)\)=\((?<value>.*)\) is not present in table "(?<other>.+)"/s,
		title: 'Table {other} has no row that {column} {keyValue} could refer to',
		mend: 'Write that row first, or give the key of one that is there.',
	},
	{
		code: /^23503$/,
		message: /^insert or update/,
		title: 'The row refers to another one that does not exist',
		mend: 'Write that one first, or give the key of one that is there.',
	},
	{
		code: /^23503$/,
		mend: 'The row that this one refers to does not exist, or others refer to this one still.',
	},
	{
		code: /^23502$/,
		message: /^null value in column "(?<column>.+?)"/,
		title: 'The column {column} needs a value',
		mend: 'Give the item a value for it, or the column a default in the database. An empty value from an expression counts as none.',
	},
	{
		code: /^23502$/,
		message: /^domain (?<type>.+) does not allow/,
		title: 'A value of the type {type} may not be empty',
		mend: 'Give the column or argument a value.',
	},
	{ code: /^23502$/, mend: 'Give the column a value, or a default in the database.' },
	{
		code: /^23514$/,
		message: /relation "(?<relation>.+)" violates check constraint "(?<constraint>.+)"/,
		title: 'The row does not pass the check {constraint} of table {relation}',
		mend: "Give values that the table's check allows: the dashboard shows it under Database, Tables.",
	},
	{
		code: /^23514$/,
		message: /domain (?<type>.+) violates check constraint "(?<constraint>.+)"/,
		title: 'A value does not pass the check {constraint} of the type {type}',
		mend: "Give a value that the type's check allows.",
	},
	{
		code: /^23514$/,
		message: /^no partition of relation "(?<relation>.+)"/,
		title: 'Table {relation} has no partition for this row',
		mend: 'Make the partition, or a default one.',
	},
	{ code: /^23514$/, mend: "Give a value that the table's check allows." },
	{
		code: /^23P01$/,
		message: /^conflicting key value violates exclusion constraint "(?<constraint>.+)"/,
		title: 'The row overlaps one that is there (constraint {constraint})',
		mend: 'Give another value, or change the existing row.',
	},
	{
		code: /^22P02$/,
		message: /^invalid input value for enum (?<type>.+): "(?<value>.*)"$/s,
		title: '"{value}" is none of the values of {type}{place}',
		mend: 'Give one of its values, upper and lower case included{choices}.',
	},
	{
		code: /^22P02$|^22007$/,
		message: /^invalid input syntax for type (?<type>.+): ""$/,
		title: 'An empty text is no {type}{place}',
		mend: 'Give a value, or null where there is none.',
	},
	{
		code: /^22P02$|^22007$/,
		message: /^invalid input syntax for type (?<type>.+): "(?<value>.*)"$/s,
		title: '"{value}" is no {type}{place}',
		mend: "Give a value in the form of the column's type{example}.",
	},
	{
		code: /^22P02$/,
		message: /^invalid input syntax for type json/,
		title: 'A value is not valid JSON',
		mend: 'Give an object, a list, or text in quotes. Check quotes and commas.',
	},
	{
		code: /^22P02$/,
		message: /^malformed array literal: "(?<value>.*)"$/s,
		title: '"{value}" is no array{place}',
		mend: 'Give a list, or text such as {1,2,3}.',
	},
	{
		code: /^22P02$/,
		message: /^malformed range literal: "(?<value>.*)"$/s,
		title: '"{value}" is no range{place}',
		mend: 'Write it as [1,5) with brackets: [ and ] include the bound, ( and ) do not.',
	},
	{
		code: /^22P02$|^22007$/,
		mend: "Give a value in the form of the column's type.",
	},
	{
		code: /^22008$/,
		message: /out of range: "(?<value>.*)"$/s,
		title: '"{value}" is no date or time that exists{place}',
		mend: 'Write year, month and day in this order, as in 2026-01-31.',
	},
	{
		code: /^22008$/,
		mend: 'The date or time does not exist, or is out of what the type holds. Write year, month and day in this order, as in 2026-01-31.',
	},
	{
		code: /^22003$/,
		message: /^value "(?<value>.+)" is out of range for type (?<type>.+)/,
		title: '{value} is too large for the type {type}{place}',
		mend: 'Give a smaller number, or the column a larger type.',
	},
	{
		code: /^22003$/,
		message: /^numeric field overflow/,
		details: /precision (?<precision>\d+), scale (?<scale>\d+)/,
		title:
			'A number is too large: its column holds {precision} digits, {scale} of them behind the point',
		mend: 'Give a smaller number, or the column a larger type.',
	},
	{
		code: /^22003$/,
		message: /^(?<type>\w+) out of range/,
		title: 'A number is too large for the type {type}',
		mend: 'Give a smaller number, or the column a larger type.',
	},
	{ code: /^22003$/, mend: "The number is too large for the column's type." },
	{
		code: /^22001$/,
		message: /type (?<type>.+)\((?<length>\d+)\)/,
		title: 'A text is too long: its column takes {length} characters',
		mend: 'Shorten the text, or widen the column.',
	},
	{ code: /^22001$/, mend: 'Shorten the text, or widen the column.' },
	{
		code: /^22P05$|^22021$/,
		title: 'A text holds a character that PostgreSQL cannot store (code 0)',
		mend: 'Remove the character with code 0 from the text.',
	},
	{
		code: /^22012$/,
		message: /^division by zero/,
		title: 'Something is divided by zero',
		mend: 'A function, a view or a generated column divides by one of the values. Give another value, or divide by NULLIF(value, 0).',
	},
	{ code: /^22012$/, mend: 'A function, a view or a generated column divides by zero.' },
	{
		code: /^2201B$/,
		message: /^invalid regular expression: (?<why>.+)/,
		title: 'The pattern is no regular expression: {why}',
		mend: 'Write a backslash before ( ) [ ] { } . * + ? ^ $ | where they stand for themselves, or filter by Contains Text.',
	},
	{
		code: /^2201B$/,
		mend: 'Write a backslash before ( ) [ ] { } . * + ? ^ $ | where they stand for themselves.',
	},
	{
		code: /^22025$/,
		title: 'A pattern ends with a backslash',
		mend: 'A backslash takes the meaning from the sign behind it. Write two of them for one.',
	},
	{
		code: /^22023$/,
		message: /parameter "TimeZone": "(?<value>.*)"/,
		title: '"{value}" is no time zone',
		mend: 'Give a name such as Europe/Berlin, or UTC.',
	},
	{
		code: /^22023$/,
		message: /^EXPLAIN option (?<option>\w+) requires ANALYZE/,
		title: 'The plan detail {option} goes together with Analyze only',
		mend: 'Choose Analyze, too, or leave {option} out.',
	},
	{
		code: /^22023$/,
		message: /^role "(?<name>.*)" does not exist/,
		title: 'The role {name} of the access token does not exist in the database',
		mend: 'Use a token whose claim role is authenticated, as sign-ins give it.',
	},
	{
		code: /^(22|23)...$/,
		mend: 'A value does not fit: what the database says tells which.',
	},
];
