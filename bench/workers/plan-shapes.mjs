/**
 * Plans the archives that are predicted, by the code that plans, and writes `shapes.json`: a few minutes, nearly all of it for the
 * 100 million objects. It needs `node --import tsx`.
 */
import { writeFileSync } from "node:fs";
import { ARCHIVES, WORKERS } from "./archives.mjs";
import { listFiles, shapeOf } from "./shape.mjs";

const PROVIDER = "aws";

const shapes = {};
for (const archive of ARCHIVES) {
	const { title, method, ratio } = archive;
	const listed = listFiles(archive, method);
	console.error(title);
	shapes[title] = WORKERS.map((workers) => ({
		workers,
		...shapeOf(listed, { ratio, workers, provider: PROVIDER }),
	}));
}
const document = { provider: PROVIDER, date: new Date().toISOString().slice(0, 10), shapes };
writeFileSync(new URL("shapes.json", import.meta.url), `${JSON.stringify(document, undefined, "\t")}\n`);
