/**
 * Makes README.md fit for the page of a registry, which knows no repository: `write` before the package is
 * packed, `restore` after it. Links to files of the package lead to a mirror of the registry; of others, only the
 * text is kept.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const README = "README.md";
/** The README as it was. Git does not know the folder, and it is not packed. */
const ORIGINAL = ".tmp/README.md";

const { name, version, files } = JSON.parse(readFileSync("package.json", "utf8"));

// First, whatever is wanted: a run that was interrupted has left it.
if (existsSync(ORIGINAL)) renameSync(ORIGINAL, README);
if (process.argv[2] === "write") {
	const text = readFileSync(README, "utf8");
	mkdirSync(".tmp", { recursive: true });
	copyFileSync(README, ORIGINAL);
	writeFileSync(README, withPublicLinks(text));
}

function withPublicLinks(text) {
	return text.replaceAll(/(!?\[[^\]]*\])\(([^)\s]+)\)/g, (whole, label, target) => {
		if (/^(?:[a-z]+:|#)/.test(target)) return whole;
		const isPacked = files.some((packed) => target === packed || target.startsWith(`${packed}/`));
		if (!isPacked || target.endsWith("/")) return label.slice(1, -1);
		return `${label}(https://unpkg.com/${name}@${version}/${target})`;
	});
}
