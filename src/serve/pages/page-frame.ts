import { html, Markup } from "../../markup/markup.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** The beginning of a page, up to where its body begins. */
export function pageHead(title: string): Markup {
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
`;
}

export const PAGE_END: Markup = new Markup("</body>\n</html>\n");
