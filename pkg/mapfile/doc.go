// Package mapfile is mapping files: from the columns of CSV and XLSX files, or from any JSON, to Meta's server event.
// `omnicapi send` and ingest split files with it and find rows' ids, the normalizer maps rows. Meta's own sample mapping
// files load unchanged. It refuses to guess: an unreadable cell is dropped by name, never sent as something else.
//
// A mapping file names a column for each target path:
//
//	{"version": 1, "match": "store-*.csv",
//	 "format": {"header_rows": 1, "decimal": ",", "date_format": "02/01/2006 15:04", "timezone": "Europe/Berlin"},
//	 "defaults": {"event_name": "Purchase", "action_source": "physical_store"},
//	 "group_by": ["Receipt"],
//	 "columns": {"event_time": {"name": "Sold At"}, "user_data.em": {"column": "E", "form": "raw"},
//	             "custom_data.contents[].id": {"index": 6}}}
//
// Columns are found by name (trimmed, case does not count; several header rows join to custom_data/contents/id, of which
// an unambiguous end is enough), by letter or by zero-based index. Meta's flat shape {"EMAIL": 5} is a mapping of its own
// (flat.go).
//
// A mapping of JSON (Mapping.JSON) has paths in their place, which begin at the item:
//
//	{"format": {"type": "json", "items": "$.orders[*]"},
//	 "columns": {"event_id": {"path": "$.id"}, "user_data.em": {"path": "$.customer.emails[*]"},
//	             "custom_data.contents[].id": {"path": "$.lines[*].sku"}, "custom_data.note": {"path": "$[\"a.b\"]"}}}
//
// So a file goes through Split, a body of JSON through Items, and an item of either through Identify (at ingest) and Map
// (in the normalizer).
//
// Lines of one receipt (group_by) are joined while they are adjacent: the file is a stream. A receipt that comes back
// later is refused by row, for its first part is sent already.
package mapfile
