"""模块表: what Asterisk loads; nothing is loaded that nobody uses."""

from asterisk_conf.node import Node

BASIS = (
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_timing_timerfd",
    "pbx_config",
)
SIP = (
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_pubsub",
    "chan_pjsip",
    "res_rtp_asterisk",
    "res_pjsip_sdp_rtp",
    "res_pjsip_registrar",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_authenticator_digest",
    "res_pjsip_caller_id",
    "res_pjsip_nat",
    "res_pjsip_rfc3326",
    "res_pjsip_dlg_options",
    "res_pjsip_acl",
    "res_pjsip_refer",
)
AUDIO = (
    "codec_alaw",
    "codec_ulaw",
    "codec_a_mu",
    "format_sln",
    "format_wav",
    "res_musiconhold",
)
CALLS = (
    "bridge_simple",
    "bridge_native_rtp",
    "bridge_softmix",
    "app_playback",
    "app_queue",
    "app_dial",
    "app_mixmonitor",
    "app_chanspy",
    "app_bridgeaddchan",
    "app_exec",
    "app_stack",
    "app_userevent",
    "res_speech",
    "res_agi",
    "func_callerid",
    "func_channel",
    "func_env",
    "func_logic",
    "func_strings",
    "func_timeout",
)
JOURNAL = ("res_cdrel_custom", "cel_custom")
REGISTRATION = ("res_pjsip_outbound_authenticator_digest", "res_pjsip_outbound_registration")


def modules_of(node: Node) -> tuple[str, ...]:
    """Name the modules in the order in which they are loaded."""
    registers = any(trunk.account for trunk in node.trunks)
    return BASIS + SIP + AUDIO + CALLS + JOURNAL + (REGISTRATION if registers else ())
