/* The mails themselves, read back with a parser. */
#include "support.h"

#include <gmime/gmime.h>
#include <sodium.h>
#include <string.h>

#include "compose.h"

#define ID "00112233445566778899aabbccddeeff"
/* Date, From, Subject, To, Message-Id, Auto-Submitted, MIME-Version; the parser counts Content-… elsewhere. */
#define HEADERS 7
#define CREATED 1795237320 /* 2026-11-21 05:02 UTC */
#define EXPIRES 1795238220

static struct lk_languages *languages;

static int set_up(void **state)
{
	struct lk_complaint complaint = {""};

	(void)state;
	lk_compose_init();
	lk_languages_load(LK_TEST_TEMPLATES, LK_TEST_CATALOGS, &languages, &complaint);
	assert_string_equal(complaint.text, "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lk_languages_free(languages);
	lk_compose_end();
	return 0;
}

static bool tells(enum lk_kind kind)
{
	return kind == LK_KIND_PASSWORD_CHANGED || kind > LK_KIND_RESET_CODE;
}

static struct lk_envelope envelope_of(enum lk_kind kind, const char *language)
{
	return (struct lk_envelope){
		.id = ID,
		.kind = kind,
		.expires = tells(kind) && kind != LK_KIND_PASSWORD_EXPIRING ? 0 : EXPIRES,
		.must_change = true,
		.to = BV("kim@example.net"),
		.language = text_bv(language),
		.name = BV(KIM_NFC),
		.login = BV("kim.jeonghyeon"),
		.secret = tells(kind) ? NONE : BV("K7QF-2M9X-4TRB"),
		.organization = BV("주식회사 오로라"),
		.portal = BV("https://id.example.com/"),
		.time_zone = BV("Asia/Seoul"),
		.actor = BV("이서연"),
		.about = BV("박지원"),
	};
}

static struct lk_secret compose(const struct lk_envelope *envelope)
{
	struct lk_secret bytes = {0};
	struct lk_letter letter;

	lk_letter_write(languages, envelope, CREATED, &letter);
	lk_compose(&letter, envelope->id, "help@example.com", CREATED + 1, &bytes);
	lk_letter_wipe(&letter);
	return bytes;
}

static void warned_cb(gint64 offset, GMimeParserWarning number, const gchar *item, gpointer data)
{
	(void)data;
	fail_msg("GMime warns of octet %" G_GINT64_FORMAT ": %d, %s", offset, (int)number, item);
}

/* By the letter of the standards, and without a warning. */
static GMimeParserOptions *strict_options(void)
{
	GMimeParserOptions *options = g_mime_parser_options_new();

	g_mime_parser_options_set_address_compliance_mode(options, GMIME_RFC_COMPLIANCE_STRICT);
	g_mime_parser_options_set_parameter_compliance_mode(options, GMIME_RFC_COMPLIANCE_STRICT);
	g_mime_parser_options_set_rfc2047_compliance_mode(options, GMIME_RFC_COMPLIANCE_STRICT);
	g_mime_parser_options_set_warning_callback(options, warned_cb, NULL);
	return options;
}

static GMimeMessage *parse(const struct lk_secret *bytes)
{
	GMimeParserOptions *options = strict_options();
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes->text, bytes->length);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, options);

	assert_non_null(message);
	g_mime_parser_options_free(options);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

/* The text of one alternative, 0 the plain one and 1 the HTML. */
static char *part_text(GMimeMessage *message, int index)
{
	GMimeMultipart *parts = GMIME_MULTIPART(g_mime_message_get_mime_part(message));

	assert_int_equal(g_mime_multipart_get_count(parts), 2);
	char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(g_mime_multipart_get_part(parts, index)));
	char **lines = g_strsplit(text, "\r", -1);
	char *unix_text = g_strjoinv("", lines);
	g_strfreev(lines);
	g_free(text);
	return unix_text;
}

static void assert_legal_lines(const struct lk_secret *bytes)
{
	size_t length = 0;

	assert_true(bytes->length > 2 && strcmp(bytes->text + bytes->length - 2, "\r\n") == 0);
	for (size_t i = 0; i < bytes->length; i++) {
		assert_true((unsigned char)bytes->text[i] < 0x80);
		assert_int_equal(bytes->text[i] == '\n', i > 0 && bytes->text[i - 1] == '\r');
		length = bytes->text[i] == '\n' ? 0 : length + 1;
		assert_true(length <= 998);
	}
}

static const char *header(GMimeMessage *message, const char *name)
{
	return g_mime_object_get_header(GMIME_OBJECT(message), name);
}

static const struct {
	enum lk_kind kind;
	const char *language;
	const char *subject;
	const char *lines[6]; /* each stands in the plain text */
} mails[] = {
	{LK_KIND_RECOVERY_CODE, "en", "Your account recovery code",
		{"Hello 김정현,\n\n", "account kim.jeonghyeon:\n\n    K7QF-2M9X-4TRB\n\n", "go to https://id.example.com/\n",
			"until Saturday, 21 November 2026, 2:17 PM (Korea Standard Time).\n"}},
	{LK_KIND_RECOVERY_CODE, "ko-KR", "확인 코드(인증번호) 안내",
		{"김정현 님, 안녕하십니까?\n\n", "확인 코드(인증번호)를 보내 드립니다.\n\n    K7QF-2M9X-4TRB\n\n",
			"https://id.example.com/\n", "이 코드는 2026년 11월 21일(토) 오후 2:17(한국 표준시)까지"}},
	{LK_KIND_TEMPORARY_PASSWORD, "en", "Your temporary password",
		{"이서연 has reset the password of your account kim.jeonghyeon.\n", "\n\n    K7QF-2M9X-4TRB\n\n",
			"It works until Saturday", "You will be asked to choose a new password"}},
	{LK_KIND_TEMPORARY_PASSWORD, "ko", "임시 암호 안내",
		{"관리자(이서연)가 kim.jeonghyeon 계정의 암호를 다시 설정했습니다.\n", "\n\n    K7QF-2M9X-4TRB\n\n",
			"오후 2:17(한국 표준시)까지 사용할 수 있습니다.\n", "새 암호로 변경하셔야 합니다.\n"}},
	{LK_KIND_WELCOME, "en", "Your new account",
		{"Your account kim.jeonghyeon at 주식회사 오로라 is ready.\n", "\n\n    K7QF-2M9X-4TRB\n\n"}},
	{LK_KIND_WELCOME, "ko", "새 계정 안내",
		{"주식회사 오로라에 오신 것을 환영합니다. kim.jeonghyeon 계정이 준비되었습니다.\n",
			"\n\n    K7QF-2M9X-4TRB\n\n"}},
	{LK_KIND_PASSWORD_CHANGED, "en", "Your password was changed",
		{"이서연 has changed the password of your account kim.jeonghyeon.\n",
			"Time of the change: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n"}},
	{LK_KIND_PASSWORD_CHANGED, "ko", "암호 변경 알림",
		{"관리자(이서연)가 kim.jeonghyeon 계정의 암호를 변경했습니다.\n",
			"변경 시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
	{LK_KIND_ADDRESS_PROOF, "en", "Confirm your recovery address",
		{"a recovery address of your account kim.jeonghyeon.\n", "\n\n    K7QF-2M9X-4TRB\n\n",
			"until Saturday, 21 November 2026, 2:17 PM (Korea Standard Time)."}},
	{LK_KIND_ADDRESS_PROOF, "ko", "복구 이메일 주소 확인",
		{"이 주소가 kim.jeonghyeon 계정의 복구 이메일 주소로 입력되었습니다.\n", "\n\n    K7QF-2M9X-4TRB\n\n",
			"이 코드는 2026년 11월 21일(토) 오후 2:17(한국 표준시)까지"}},
	{LK_KIND_WELCOME_CODE, "en", "Your new account",
		{"Your account kim.jeonghyeon at 주식회사 오로라 is ready.\n", "With this code you choose your password:\n",
			"\n\n    K7QF-2M9X-4TRB\n\n", "The code works once"}},
	{LK_KIND_WELCOME_CODE, "ko", "새 계정 안내",
		{"주식회사 오로라에 오신 것을 환영합니다. kim.jeonghyeon 계정이 준비되었습니다.\n",
			"\n\n    K7QF-2M9X-4TRB\n\n", "까지 한 번만 사용할 수 있습니다."}},
	{LK_KIND_RESET_CODE, "en", "Choose a new password",
		{"이서연 has reset the password of your account kim.jeonghyeon.\n", "The old one no longer works.",
			"\n\n    K7QF-2M9X-4TRB\n\n", "The code works once"}},
	{LK_KIND_RESET_CODE, "ko", "새 암호 만들기 안내",
		{"관리자(이서연)가 kim.jeonghyeon 계정의 암호를 다시 설정했습니다.\n", "\n\n    K7QF-2M9X-4TRB\n\n"}},
	{LK_KIND_PASSWORD_RECOVERED, "en", "Your account was recovered",
		{"The account kim.jeonghyeon was recovered, and a new password was created for it.\n",
			"Time of the recovery: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n",
			"create a new password yourself here: https://id.example.com/\n"}},
	{LK_KIND_PASSWORD_RECOVERED, "ko", "계정 복구 알림",
		{"kim.jeonghyeon 계정이 복구되었고, 새 암호가 만들어졌습니다.",
			"복구 시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
	{LK_KIND_ACCOUNT_UNLOCKED, "en", "Your account was unlocked",
		{"이서연 has unlocked your account kim.jeonghyeon.\nThe password is the same as before.\n",
			"Time: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n"}},
	{LK_KIND_ACCOUNT_UNLOCKED, "ko", "계정 잠금 해제 알림",
		{"관리자(이서연)가 kim.jeonghyeon 계정의 잠금을 해제했습니다.\n암호는 그대로입니다.\n",
			"해제 시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
	{LK_KIND_CREDENTIAL_CHANGED, "en", "A key to your account was changed",
		{"이서연 has changed the entry \"박지원\" of your account kim.jeonghyeon.\n",
			"Time of the change: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n"}},
	{LK_KIND_CREDENTIAL_CHANGED, "ko", "계정 로그인 수단 변경 알림",
		{"관리자(이서연)가 kim.jeonghyeon 계정의 \"박지원\" 항목을 변경했습니다.\n",
			"변경 시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
	{LK_KIND_ADDRESS_CHANGED, "en", "Your recovery addresses were changed",
		{"이서연 has changed the recovery addresses of your account kim.jeonghyeon.\n",
			"Time of the change: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n"}},
	{LK_KIND_ADDRESS_CHANGED, "ko", "복구 이메일 주소 변경 알림",
		{"관리자(이서연)가 kim.jeonghyeon 계정의 복구 이메일 주소를 변경했습니다.\n",
			"변경 시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
	{LK_KIND_RESENT_ELSEWHERE, "en", "Your password was sent to another address",
		{"이서연 has had the mail with the password of your account kim.jeonghyeon\nsent to this address:\n\n    "
		 "박지원\n\n",
			"Time: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n"}},
	{LK_KIND_RESENT_ELSEWHERE, "ko", "암호 메일을 다른 주소로 보냄",
		{"관리자(이서연)가 kim.jeonghyeon 계정의 암호가 담긴 메일을 다음 주소로\n보냈습니다.\n\n    박지원\n\n",
			"보낸 시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
	{LK_KIND_ADMINISTRATOR_RESET, "en", "The password of an administrator was reset",
		{"이서연 has given the account of the administrator 박지원 (kim.jeonghyeon)\na new password or key.\n",
			"Time: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n"}},
	{LK_KIND_ADMINISTRATOR_RESET, "ko", "관리자 암호 다시 설정",
		{"관리자(이서연)가 다른 관리자인 박지원(kim.jeonghyeon) 계정에 새 암호나 키를\n설정했습니다.\n",
			"시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
	{LK_KIND_PASSWORD_EXPIRING, "en", "Your password expires soon",
		{"The password of your account kim.jeonghyeon expires soon:\n\n"
		 "    Saturday, 21 November 2026, 2:17 PM (Korea Standard Time)\n\n",
			"Sign in here to change it: https://id.example.com/\n"}},
	{LK_KIND_PASSWORD_EXPIRING, "ko", "암호 만료 예정 안내",
		{"kim.jeonghyeon 계정의 암호가 곧 만료됩니다. 만료 시각은 다음과 같습니다.\n\n"
		 "    2026년 11월 21일(토) 오후 2:17(한국 표준시)\n\n"}},
	{LK_KIND_DELIVERY_FAILED, "en", "Mails could not be delivered",
		{"under the policy 김정현 could not be delivered.\n\nHow many: 박지원\n"}},
	{LK_KIND_DELIVERY_FAILED, "ko", "보내지 못한 메일 알림", {"보내지 못한 메일: 박지원건\n"}},
	{LK_KIND_MISUSE_REPORTED, "en", "A user reports misuse of their account",
		{"박지원 (kim.jeonghyeon) has reported that something was done with their account",
			"Time: Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)\n"}},
	{LK_KIND_MISUSE_REPORTED, "ko", "사용자의 계정 도용 신고",
		{"박지원(kim.jeonghyeon) 사용자가 본인 계정에", "신고 시각: 2026년 11월 21일(토) 오후 2:02(한국 표준시)\n"}},
};

/* What nobody else did is told of as the reader's own doing, or that of somebody who could pass for them. */
static const struct {
	enum lk_kind kind;
	const char *language;
	const char *line;
} own[] = {
	{LK_KIND_PASSWORD_CHANGED, "en", "was changed by you, or by somebody\nwho was signed in as you.\n"},
	{LK_KIND_PASSWORD_CHANGED, "ko", "계정에 로그인한 본인 또는 다른 사람이 암호를 변경했습니다.\n"},
	{LK_KIND_ACCOUNT_UNLOCKED, "en", "Your account kim.jeonghyeon was recovered and unlocked with a code.\n"},
	{LK_KIND_ACCOUNT_UNLOCKED, "ko", "계정이 확인 코드로 복구되어 잠금이 해제되었습니다.\n"},
	{LK_KIND_CREDENTIAL_CHANGED, "en", "was changed by you, or by\nsomebody who was signed in as you.\n"},
	{LK_KIND_CREDENTIAL_CHANGED, "ko", "계정에 로그인한 본인 또는 다른 사람이 \"박지원\" 항목을 변경했습니다.\n"},
	{LK_KIND_ADDRESS_CHANGED, "en", "were changed by you, or\nby somebody who was signed in as you.\n"},
	{LK_KIND_ADDRESS_CHANGED, "ko", "계정에 로그인한 본인 또는 다른 사람이 복구 이메일 주소를\n변경했습니다.\n"},
	{LK_KIND_ADMINISTRATOR_RESET, "en", "was recovered with a\ncode, and a new password was created for it.\n"},
	{LK_KIND_ADMINISTRATOR_RESET, "ko", "확인 코드로 복구되었고, 새 암호가\n만들어졌습니다.\n"},
};

static void what_nobody_else_did_is_told_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(own); i++) {
		struct lk_envelope envelope = envelope_of(own[i].kind, own[i].language);
		struct lk_letter letter;

		envelope.actor = NONE;
		lk_letter_write(languages, &envelope, CREATED, &letter);
		if (!strstr(lk_secret_text(&letter.text), own[i].line))
			fail_msg("\"%s\" is not in\n%s", own[i].line, lk_secret_text(&letter.text));
		assert_null(strstr(lk_secret_text(&letter.text), "\n\n\n"));
		lk_letter_wipe(&letter);
	}
}

static void each_kind_says_what_it_must_in_each_language(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(mails); i++) {
		struct lk_envelope envelope = envelope_of(mails[i].kind, mails[i].language);
		struct lk_secret bytes = compose(&envelope);
		GMimeMessage *message = parse(&bytes);
		char *text = part_text(message, 0);
		assert_legal_lines(&bytes);
		assert_string_equal(g_mime_message_get_subject(message), mails[i].subject);
		for (size_t line = 0; line < COUNT(mails[i].lines) && mails[i].lines[line]; line++)
			if (!strstr(text, mails[i].lines[line]))
				fail_msg("\"%s\" is not in\n%s", mails[i].lines[line], text);
		assert_null(strstr(text, "{"));
		g_free(text);
		g_object_unref(message);
		lk_secret_wipe(&bytes);
	}
}

static void headers_are_those_of_an_automatic_mail(void **state)
{
	struct lk_envelope envelope = envelope_of(LK_KIND_RECOVERY_CODE, "ko");
	struct lk_secret bytes = compose(&envelope);
	GMimeMessage *message = parse(&bytes);
	char *from = internet_address_list_to_string(g_mime_message_get_from(message), NULL, FALSE);
	char *to = internet_address_list_to_string(g_mime_message_get_to(message), NULL, FALSE);

	(void)state;
	assert_string_equal(from, "주식회사 오로라 <help@example.com>");
	assert_string_equal(to, "김정현 <kim@example.net>");
	assert_string_equal(g_mime_message_get_message_id(message), ID "@example.com");
	assert_string_equal(header(message, "Auto-Submitted"), "auto-generated");
	assert_string_equal(header(message, "Date"), "Sat, 21 Nov 2026 05:02:01 +0000");
	assert_non_null(strstr(bytes.text, "\r\nMIME-Version: 1.0\r\n"));
	assert_non_null(strstr(bytes.text, "\r\nContent-Language: ko\r\n"));
	assert_null(strstr(bytes.text, "K7QF")); /* the Korean text is encoded, and no header repeats the code */
	g_free(from);
	g_free(to);
	g_object_unref(message);
	lk_secret_wipe(&bytes);
}

static void values_that_are_absent_leave_no_gaps(void **state)
{
	struct lk_envelope envelope = envelope_of(LK_KIND_TEMPORARY_PASSWORD, "en");

	(void)state;
	envelope.name = envelope.organization = envelope.portal = envelope.actor = envelope.time_zone = NONE;
	envelope.expires = 0;
	envelope.must_change = false;
	struct lk_secret bytes = compose(&envelope);
	GMimeMessage *message = parse(&bytes);
	char *text = part_text(message, 0);
	assert_string_equal(text, "Hello kim.jeonghyeon,\n\n"
							  "The password of your account kim.jeonghyeon has been reset.\n"
							  "This is your temporary password:\n\n"
							  "    K7QF-2M9X-4TRB\n\n"
							  "Please choose a new password once you have signed in.\n\n"
							  "If you did not expect this, please tell your administrator at once.\n"
							  "Do not give the password to anybody, not even to an administrator.\n\n"
							  "-- \n"
							  "This mail was sent automatically; nobody reads replies to it.\n");
	assert_string_equal(header(message, "From"), "help@example.com");
	assert_string_equal(header(message, "To"), "kim@example.net");
	g_free(text);
	g_object_unref(message);
	lk_secret_wipe(&bytes);
}

static void html_shows_values_and_never_runs_them(void **state)
{
	struct lk_envelope envelope = envelope_of(LK_KIND_TEMPORARY_PASSWORD, "en");

	(void)state;
	envelope.name = BV("<script>alert(1)</script>");
	envelope.secret = BV("a<b>&\"c'");
	envelope.portal = BV("javascript:alert(2)");
	struct lk_secret bytes = compose(&envelope);
	GMimeMessage *message = parse(&bytes);
	char *html = part_text(message, 1);
	assert_non_null(strstr(html, "Hello &lt;script&gt;alert(1)&lt;/script&gt;,"));
	assert_non_null(strstr(html, ">a&lt;b&gt;&amp;&quot;c&#39;</p>"));
	assert_non_null(strstr(html, "here: javascript:alert(2)"));
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<a "));
	g_free(html);
	g_object_unref(message);
	lk_secret_wipe(&bytes);
}

/* How many headers the mail has, and how many mailboxes it is to: a name can add neither. */
static void assert_shape(const struct lk_secret *bytes, int headers)
{
	GMimeMessage *message = parse(bytes);

	assert_int_equal(g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message))), headers);
	assert_int_equal(internet_address_list_length(g_mime_message_get_to(message)), 1);
	assert_int_equal(internet_address_list_length(g_mime_message_get_from(message)), 1);
	InternetAddress *to = internet_address_list_get_address(g_mime_message_get_to(message), 0);
	assert_string_equal(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(to)), "kim@example.net");
	g_object_unref(message);
}

static void names_add_no_header_and_no_recipient(void **state)
{
	static const char *const names[] = {
		"Kim\r\nBcc: eve@example.com",
		"Kim\nX: y\n\nbody",
		"eve@example.com, Kim",
		"Kim <eve@example.com>",
		"\"Kim\\",
		"Kim: a@example.com;",
		"(Kim",
		"=?utf-8?q?=0D=0ABcc:=20eve@example.com?=",
		"Kim\x7f\x01\xc2\x85",
		"\xff\xfe",
		"\xe2\x80\xae"
		"mik"
		"\xe2\x81\xa9",
		"\xe2\x80\xa8\xe2\x80\xa9",
		"=?utf-8?b?TGVl?=",
		"",
		" ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct lk_envelope envelope = envelope_of(LK_KIND_RECOVERY_CODE, "en");
		envelope.name = envelope.organization = envelope.login = text_bv(names[i]);
		struct lk_secret bytes = compose(&envelope);
		assert_legal_lines(&bytes);
		assert_shape(&bytes, HEADERS);
		lk_secret_wipe(&bytes);
	}
}

static void marks_that_turn_the_writing_are_removed(void **state)
{
	struct lk_envelope envelope = envelope_of(LK_KIND_RECOVERY_CODE, "en");

	(void)state;
	envelope.name = BV(" \xe2\x80\xae"
					   "Kim\xe2\x81\xa6\xe2\x80\x8f \x1b[31m\xd8\x9cLee ");
	struct lk_secret bytes = compose(&envelope);
	GMimeMessage *message = parse(&bytes);
	char *text = part_text(message, 0);
	assert_int_equal(strncmp(text, "Hello Kim [31mLee,\n", 19), 0);
	g_free(text);
	g_object_unref(message);
	lk_secret_wipe(&bytes);
}

static void the_longest_values_keep_lines_legal(void **state)
{
	struct lk_envelope envelope = envelope_of(LK_KIND_WELCOME, "ko");
	struct berval hangul = {LK_ENVELOPE_TEXT_MAX / 3 * 3, malloc(LK_ENVELOPE_TEXT_MAX)};
	struct berval ascii = repeated('x', LK_ENVELOPE_TEXT_MAX);

	(void)state;
	for (size_t i = 0; i < hangul.bv_len; i += 3)
		memcpy(hangul.bv_val + i, "\xea\xb9\x80", 3);
	envelope.name = envelope.organization = envelope.actor = hangul;
	envelope.login = envelope.portal = envelope.secret = ascii;
	for (int turn = 0; turn < 2; turn++) {
		struct lk_secret bytes = compose(&envelope);
		assert_legal_lines(&bytes);
		assert_shape(&bytes, HEADERS);
		lk_secret_wipe(&bytes);
		envelope.name = envelope.organization = envelope.actor = ascii;
		envelope.language = BV("en");
	}
	free(hangul.bv_val);
	free(ascii.bv_val);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_says_what_it_must_in_each_language),
		cmocka_unit_test(what_nobody_else_did_is_told_so),
		cmocka_unit_test(headers_are_those_of_an_automatic_mail),
		cmocka_unit_test(values_that_are_absent_leave_no_gaps),
		cmocka_unit_test(html_shows_values_and_never_runs_them),
		cmocka_unit_test(names_add_no_header_and_no_recipient),
		cmocka_unit_test(marks_that_turn_the_writing_are_removed),
		cmocka_unit_test(the_longest_values_keep_lines_legal),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, set_up, tear_down);
}
