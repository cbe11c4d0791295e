import { sqlShown } from '../../../../src/n8n/trigger/sqlShown';

test('SQL is no HTML, and keeps its lines', () => {
	expect(sqlShown('-- a `b`\nselect 1 < 2 and old *<> new & 1;')).toBe(
		'<br>\n<br>\n<code>-- a &#96;b&#96;<br>\nselect 1 &lt; 2 and old *&lt;&gt; new &amp; 1;</code>',
	);
});
