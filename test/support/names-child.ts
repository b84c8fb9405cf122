import { linkSync, mkdirSync, writeFileSync, writeSync } from "node:fs";
import { planArchive } from "../../src/archive/plan.ts";
import { openSources, sourceReport } from "../../src/sources/open-sources.ts";
import type { NamesMeasured } from "./measure-names.ts";
import { makeSettings } from "./settings.ts";

const [directory = "", few, many] = process.argv.slice(2);

/** A file system has so many links to one file only. */
const LINKS = 10_000;

/** Names of one file each, which is quicker than as many files. */
function directoryOf(count: number): string {
	const path = `${directory}/${count}`;
	mkdirSync(path);
	for (let index = 0; index < count; index++) {
		const name = `${path}/some-file-${(index * 7919) % count}.txt`;
		if (index % LINKS === 0) writeFileSync(`${directory}/file-${index}`, "data", { flag: "a" });
		linkSync(`${directory}/file-${index - (index % LINKS)}`, name);
	}
	return path;
}

const settings = makeSettings();

async function countEntries(path: string): Promise<number> {
	const options = { ...settings, commentSize: 0, signal: undefined };
	const { entryCount } = await planArchive(
		await openSources([path], settings, 0),
		sourceReport(settings, () => {}),
		options,
	);
	return entryCount;
}

function peak(): number {
	return process.resourceUsage().maxRSS * 1024;
}

const small = directoryOf(Number(few));
const large = directoryOf(Number(many));
const counts = { few: await countEntries(small) };
const before = peak();
const measured: NamesMeasured = { ...counts, many: await countEntries(large), growth: peak() - before };
writeSync(1, JSON.stringify(measured));
