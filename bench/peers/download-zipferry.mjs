import { sendZip } from "../../dist/index.js";
import { folder, serveOnce } from "./download.mjs";

await serveOnce((request, response) =>
	sendZip(folder, { request, response, filename: "archive.zip", method: "store" }),
);
