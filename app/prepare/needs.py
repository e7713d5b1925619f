"""所需: what each command of the hotline needs to be there before it can run."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """软件包: a package of the system and the programs that we use of it."""

    name: str
    programs: tuple[str, ...]


SPEAKING = (
    Package(name="espeak-ng", programs=("espeak-ng",)),
    Package(name="sox", programs=("sox",)),
    Package(name="flac", programs=("flac",)),
    Package(name="mosquitto", programs=("mosquitto", "mosquitto_passwd")),
)
DATABASE = (Package(name="postgresql", programs=("postgres", "initdb", "pg_ctl")),)
TEST_PHONES = (
    Package(name="sip-tester", programs=("sipp",)),
    Package(name="baresip-core", programs=("baresip",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """`name` tells the kinds of preparation apart, `lock` is the file of Python packages."""

    name: str
    lock: str
    asterisk: bool = True
    packages: tuple[Package, ...] = SPEAKING


RUN = Needs(name="run", lock="requirements.lock")
UP = Needs(name="up", lock="requirements.lock", packages=SPEAKING + DATABASE)
TEST = Needs(name="test", lock="requirements-test.lock", packages=SPEAKING + DATABASE + TEST_PHONES)
CHECK = Needs(name="check", lock="requirements-test.lock", asterisk=False, packages=())
ASK = Needs(name="ask", lock="requirements.lock", asterisk=False, packages=())

NEEDS = {
    "up": UP,
    "test": TEST,
    "bench": TEST,
    "check": CHECK,
    **dict.fromkeys(("unit", "due", "figures", "profile", "report", "simulate", "ticket", "user"), ASK),
    **dict.fromkeys(("quality", "visit", "consequences", "register", "attachment", "meeting"), ASK),
    **dict.fromkeys(("key", "webhook", "sms"), ASK),
    "study": ASK,
}
HELP = ("-h", "--help")

USAGE = """\
12345 热线呼叫引擎

用法:./hotline 命令 [选项]

  demo      用内置的默认配置演示:三位市民来电,说话、录音、转写、分类,生成工单草稿
  up        正式运行(前台,Ctrl-C 停止)
  status    检查各部分是否正常,指出故障和处理办法
  calls     通话日志,加 --follow 持续显示
  figures   统计指标:接通率等,附每个数的口径
  quality   质检:draw 抽取来电、sheet 五项打分、list 列出质检表
  seat      座席话机:add 添加、list 列出、remove 移除
  explain   派席说明:一通来电为什么派给那个座席
  recordings 录音:list 列出、listen 调听、sweep 核对、hold 保全、keep 按规则删除
  unit      承办单位:list 列出、import 导入、contacts 联络员、duty 值班
  report    通报:周报、旬报、月报、季度排名、年度通报、专题、专报
  ticket    工单:list 列出、show 查看、dispatch 派单等每一步、history 历史
  visit     回访:due 待回访、record 登记、exclude 申请剔除、approve 批准、rates 满意率
  consequences 后果:按配置档的规则列出通报、扣分、表扬和名次,件件有证据
  register  问责登记:add 登记、list 列出、totals 合计
  key       接口密钥:add 生成、list 列出、revoke 停用
  webhook   回调:add 添加、list 列出、remove 移除、test 试送
  sms       短信:list 列出、again 再发
  attachment 工单附件:add 添加、list 列出、save 取出
  meeting   会议:联席会议、逢6、领导接听的议题和集中交办
  study     学习培训:add 登记、list 列出、withdraw 撤销、due 还没有研究的单位
  user      工单用户:add 添加、list 列出
  profile   配置档:list 列出、show 和默认不同的、check 检查
  due       到期日:何时收到、多长时限,到哪一天;--explain 逐日说明
  simulate  演练一天:虚拟时钟上的真引擎,加 --chaos 随机捣乱
  test      运行全部测试
  check     格式、类型、依赖关系和快速测试
  bench     性能测试
  prepare   只准备运行环境并列出各部分的位置;加 --test 时包括测试所需的部分

每个命令的选项:./hotline 命令 --help
首次运行时自动准备所缺的软件,进度显示在标准错误输出上。

环境变量:
  HOTLINE_STATE_DIR      状态目录(缺省:root 为 /var/lib/hotline,其他用户为 ~/.local/state/hotline)
  HOTLINE_ASTERISK       使用这个目录里的 Asterisk(含 sbin/asterisk、modules、share/asterisk)
  HOTLINE_DEBIAN_MIRROR  从这个 Debian 镜像获取 Asterisk 软件包
"""


def asks_for_usage(arguments: Sequence[str]) -> bool:
    """Tell whether nobody asked for a command yet: then nothing needs to be prepared."""
    return not arguments or arguments[0] in {*HELP, "help"}


def needs_of(arguments: Sequence[str]) -> Needs:
    """Say what the asked command needs; its help text needs no more than our Python."""
    command, *options = arguments
    if command == "prepare":
        return TEST if "--test" in options else UP
    if any(option in HELP for option in options):
        return ASK
    return NEEDS.get(command, RUN)
