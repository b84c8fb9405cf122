/**
 * A script that gives the texts of a page whose contrast is below 4.5 (WCAG 2.2, 1.4.3), for a browser to run.
 */
export function lowContrasts(): string {
	return `(${find})()`;
}

/** Runs in the page: knows nothing of this file. */
const find = `() => {
	const luminance = (color) => {
		const [red, green, blue] = color.map((value) => {
			const share = value / 255;
			return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const parsed = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
	const ground = (element) => {
		for (let one = element; one !== null; one = one.parentElement) {
			const rect = one instanceof SVGGElement ? one.querySelector("rect") : null;
			const [red, green, blue, alpha = 1] = parsed(getComputedStyle(rect ?? one)[rect ? "fill" : "backgroundColor"]);
			if (blue !== undefined && alpha === 1) return [red, green, blue];
		}
		return [255, 255, 255];
	};
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const found = new Set();
	for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
		const element = text.parentElement;
		if (text.data.trim() === "" || element.closest("title, style") !== null) continue;
		const style = getComputedStyle(element);
		const color = parsed(element instanceof SVGElement ? style.fill : style.color).slice(0, 3);
		const [lighter, darker] = [luminance(color), luminance(ground(element))].sort((one, other) => other - one);
		const contrast = (lighter + 0.05) / (darker + 0.05);
		if (contrast < 4.5) found.add(element.tagName + "." + element.className + " " + text.data.trim().slice(0, 20) + " " + contrast.toFixed(2));
	}
	return [...found];
}`;
