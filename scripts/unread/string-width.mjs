/** As `cliui.mjs`: columns of a help that nobody reads. */
// biome-ignore lint/style/noDefaultExport: as the package has one
export default function columnsOf(text) {
	return text.length;
}
