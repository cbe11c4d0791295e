/** What the sample functions and their runtime use of Deno. */
declare namespace Deno {
	const args: string[];
	const stdin: { readonly readable: ReadableStream<Uint8Array> };
	const errors: { readonly NotFound: new () => Error };
	function exit(code?: number): never;
	function stat(path: string): Promise<unknown>;
	function serve(handler: (request: Request) => Response | Promise<Response>): unknown;
	function serve(
		options: {
			readonly hostname: string;
			readonly port: number;
			readonly onListen: (address: { readonly port: number }) => void;
		},
		handler: (request: Request) => Response | Promise<Response>,
	): unknown;
}
