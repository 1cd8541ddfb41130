/* Object identifiers of Latchkey. They live under one arc made from a UUID (ITU-T X.667), so no registry had
 * to be asked: .1 attribute types, .2 object classes, .3 extended operations, .4 controls. The arcs .1 and .2
 * are assigned in schema/latchkey.schema. */
#pragma once

#define LK_OID_BASE "2.25.4409265514517189818853936711966505072"

#define LK_EXOP_RECOVERY_REQUEST LK_OID_BASE ".3.1"
#define LK_EXOP_RECOVERY_COMPLETE LK_OID_BASE ".3.2"
#define LK_EXOP_NOTIFICATION_RESEND LK_OID_BASE ".3.3"
#define LK_EXOP_NOTIFICATION_TAKE LK_OID_BASE ".3.4"
#define LK_EXOP_NOTIFICATION_SETTLE LK_OID_BASE ".3.5"
#define LK_EXOP_ACCOUNT_UNLOCK LK_OID_BASE ".3.6"
#define LK_EXOP_ACCOUNT_BLOCK LK_OID_BASE ".3.7"
#define LK_EXOP_ADDRESS_ADD LK_OID_BASE ".3.8"
#define LK_EXOP_ADDRESS_PROVE LK_OID_BASE ".3.9"
#define LK_EXOP_TOTP_ENROL LK_OID_BASE ".3.10"
#define LK_EXOP_RECOVERY_CODES_NEW LK_OID_BASE ".3.11"
#define LK_EXOP_REPORT_MISUSE LK_OID_BASE ".3.12"
#define LK_EXOP_NOTIFICATION_BOUNCE LK_OID_BASE ".3.13"
#define LK_EXOP_NOTIFICATION_OVERVIEW LK_OID_BASE ".3.14"

#define LK_CONTROL_NOTIFY LK_OID_BASE ".4.1"
