#include "report.h"

#include <sodium.h>
#include <string.h>

struct lk_report {
	time_t since;
	GHashTable *kinds; /* of struct lk_report_kind, which is its own key */
	GHashTable *targets; /* hashes of a kind and a target: whoever chooses names cannot choose these */
	unsigned char key[crypto_shorthash_KEYBYTES];
	guint64 others, undated;
};

static guint hash_kind(gconstpointer value)
{
	const struct lk_report_kind *kind = value;

	return g_str_hash(kind->actor) ^ g_str_hash(kind->client) * 31 ^ g_str_hash(kind->rule) * 37 ^
		   g_str_hash(kind->event) * 41 ^ g_str_hash(kind->changes) * 43;
}

static gboolean same_kind(gconstpointer a, gconstpointer b)
{
	const struct lk_report_kind *one = a, *other = b;

	return strcmp(one->actor, other->actor) == 0 && strcmp(one->client, other->client) == 0 &&
		   strcmp(one->rule, other->rule) == 0 && strcmp(one->event, other->event) == 0 &&
		   strcmp(one->changes, other->changes) == 0;
}

static void free_kind(gpointer value)
{
	struct lk_report_kind *kind = value;

	g_free(kind->actor);
	g_free(kind->client);
	g_free(kind->event);
	g_free(kind->changes);
	g_free(kind->rule);
	for (size_t i = 0; i < LK_REPORT_EXAMPLES; i++)
		g_free(kind->examples[i]);
	g_free(kind);
}

struct lk_report *lk_report_new(time_t since)
{
	struct lk_report *report = g_new0(struct lk_report, 1);

	report->since = since;
	report->kinds = g_hash_table_new_full(hash_kind, same_kind, free_kind, NULL);
	report->targets = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	crypto_shorthash_keygen(report->key);
	return report;
}

void lk_report_free(struct lk_report *report)
{
	if (report == NULL)
		return;
	g_hash_table_unref(report->kinds);
	g_hash_table_unref(report->targets);
	g_free(report);
}

/* A line may hold NUL, escaped; what follows it is left out. */
static char *text_of(const struct berval *value)
{
	return value->bv_val == NULL ? g_strdup("") : g_strndup(value->bv_val, value->bv_len);
}

static struct lk_report_kind *find_kind(struct lk_report *report, const struct lk_log_line *line)
{
	struct lk_report_kind *kind = g_new0(struct lk_report_kind, 1), *known;

	kind->actor = text_of(&line->actor);
	kind->client = text_of(&line->client);
	kind->event = text_of(&line->event);
	kind->changes = text_of(&line->changes);
	kind->rule = text_of(&line->rule);
	known = g_hash_table_lookup(report->kinds, kind);
	if (known == NULL && g_hash_table_size(report->kinds) < LK_REPORT_KINDS) {
		g_hash_table_add(report->kinds, kind);
		return kind;
	}
	free_kind(kind);
	return known;
}

/* Whether KIND has a target of that hash already; remembers it while there is room. */
static bool has_target(struct lk_report *report, struct lk_report_kind *kind, const char *target)
{
	struct {
		const struct lk_report_kind *kind;
		unsigned char hash[crypto_shorthash_BYTES];
	} both = {.kind = kind};
	gint64 id;

	crypto_shorthash(both.hash, (const unsigned char *)target, strlen(target), report->key);
	crypto_shorthash((unsigned char *)&id, (const unsigned char *)&both, sizeof(both), report->key);
	if (g_hash_table_contains(report->targets, &id))
		return true;
	if (g_hash_table_size(report->targets) < LK_REPORT_TARGETS) {
		g_hash_table_add(report->targets, g_memdup2(&id, sizeof(id)));
		return false;
	}
	kind->more_targets = true;
	return true;
}

static void add_target(struct lk_report *report, struct lk_report_kind *kind, const struct berval *value)
{
	char *target = text_of(value);

	if (has_target(report, kind, target)) {
		g_free(target);
		return;
	}
	if (kind->targets < LK_REPORT_EXAMPLES)
		kind->examples[kind->targets] = g_steal_pointer(&target);
	kind->targets++;
	g_free(target);
}

static bool is_wanted(struct lk_report *report, const struct lk_log_line *line)
{
	static const char observed[] = "observed";

	if (line->verdict.bv_len != sizeof(observed) - 1 ||
		memcmp(line->verdict.bv_val, observed, sizeof(observed) - 1) != 0)
		return false;
	/* One line more for each member that was added; the group's own line counts. */
	if (line->event.bv_len == 6 && memcmp(line->event.bv_val, "member", 6) == 0)
		return false;
	if (line->result > 0)
		return false;
	if (report->since != 0 && line->time == 0)
		report->undated++;
	return report->since == 0 || line->time >= report->since;
}

void lk_report_add(void *context, const struct lk_log_line *line)
{
	struct lk_report *report = context;
	struct lk_report_kind *kind;

	if (!is_wanted(report, line))
		return;
	kind = find_kind(report, line);
	if (kind == NULL) {
		report->others++;
		return;
	}
	kind->count++;
	if (line->time != 0 && (kind->first == 0 || line->time < kind->first))
		kind->first = line->time;
	if (line->time > kind->last)
		kind->last = line->time;
	add_target(report, kind, &line->target);
}

static gint compare_kinds(gconstpointer a, gconstpointer b)
{
	const struct lk_report_kind *one = *(struct lk_report_kind *const *)a, *other = *(struct lk_report_kind *const *)b;
	int order;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	order = strcmp(one->actor, other->actor);
	if (order == 0)
		order = strcmp(one->client, other->client);
	if (order == 0)
		order = strcmp(one->rule, other->rule);
	if (order == 0)
		order = strcmp(one->event, other->event);
	return order != 0 ? order : strcmp(one->changes, other->changes);
}

GPtrArray *lk_report_kinds(const struct lk_report *report)
{
	GPtrArray *kinds = g_ptr_array_new();
	GHashTableIter iter;
	gpointer kind;

	g_hash_table_iter_init(&iter, report->kinds);
	while (g_hash_table_iter_next(&iter, &kind, NULL))
		g_ptr_array_add(kinds, kind);
	g_ptr_array_sort(kinds, compare_kinds);
	return kinds;
}

guint64 lk_report_others(const struct lk_report *report)
{
	return report->others;
}

guint64 lk_report_undated(const struct lk_report *report)
{
	return report->undated;
}
