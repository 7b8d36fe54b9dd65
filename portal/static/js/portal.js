// Starts the behaviours; each hangs on a data- attribute and lives in a file of its own.
"use strict";
