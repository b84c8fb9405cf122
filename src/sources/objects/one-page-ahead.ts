/** The pages of a list, each of which is requested as soon as the one before it is there. */
export async function* onePageAhead<Page>(
	pages: AsyncGenerator<Page, void, void>,
): AsyncGenerator<Page, void, void> {
	let next = pages.next();
	try {
		for (let step = await next; step.done !== true; step = await next) {
			next = pages.next();
			next.catch(() => {}); // told when its turn comes
			yield step.value;
		}
	} finally {
		void pages.return().catch(() => {}); // waits for a page that nobody wants any more
	}
}
