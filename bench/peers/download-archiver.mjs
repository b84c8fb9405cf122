import { ZipArchive } from "archiver";
import { folder, serveOnce } from "./download.mjs";

await serveOnce((_request, response) => {
	const archive = new ZipArchive({ store: true });
	response.setHeader("content-type", "application/zip");
	archive.pipe(response);
	archive.directory(folder, false);
	archive.finalize();
});
