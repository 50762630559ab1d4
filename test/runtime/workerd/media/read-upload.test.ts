// The parser of forms searches in another way where there is no Buffer.
import "../../../server/media/read-upload.test.ts";
