import { html, type Markup, type Piece } from "../../markup/markup.ts";
import { PAGE_END, pageHead } from "./page-frame.ts";

/** A page that says one thing. */
export interface Message {
	readonly title: string;
	/** A sentence or two. */
	readonly text: Piece;
	/** Where to go on. */
	readonly link?: { readonly href: string; readonly text: string } | undefined;
}

export function messagePage({ title, text, link }: Message): Markup {
	return html`${pageHead(title)}<main>
<h1>${title}</h1>
<p>${text}</p>
${link && html`<p><a href="${link.href}">${link.text}</a></p>\n`}</main>
${PAGE_END}`;
}
