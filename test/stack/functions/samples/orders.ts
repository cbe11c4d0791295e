/**
 * A small interface with paths of its own: orders, kept in memory in a book for each test.
 *
 *     POST /orders/<book>       adds the body, and answers with its number
 *     GET /orders/<book>        all of them
 *     GET /orders/<book>/<n>    one
 *     DELETE /orders/<book>     removes all
 */
const books = new Map<string, unknown[]>();

Deno.serve(async (request) => {
	const [, , book = '', number] = new URL(request.url).pathname.split('/');
	const orders = books.get(book) ?? [];
	books.set(book, orders);
	if (request.method === 'POST') {
		const order = (await request.json()) as { fail?: number; wait?: number };
		if (order.wait) await new Promise((resolve) => setTimeout(resolve, order.wait));
		orders.push(order);
		if (order.fail) return Response.json({ error: 'Noted, then failed' }, { status: order.fail });
		return Response.json({ number: orders.length, order }, { status: 201 });
	}
	if (request.method === 'DELETE') {
		books.delete(book);
		return new Response(null, { status: 204 });
	}
	if (!number) return Response.json(orders);
	const order = orders[Number(number) - 1];
	return order
		? Response.json(order)
		: Response.json({ error: 'There is no such order', number }, { status: 404 });
});
