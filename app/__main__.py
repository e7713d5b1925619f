"""命令行: ``./hotline COMMAND``; each command lives in ``app/commands/COMMAND.py``."""

import os
import sys
from importlib import import_module

from app.arguments import Arguments
from core.errors import HotlineError

COMMANDS = {
    "demo": "演示:三位市民来电说话,录音、转写、分类,生成工单草稿",
    "up": "正式运行(前台,Ctrl-C 停止)",
    "status": "检查各部分是否正常,指出故障和处理办法",
    "calls": "通话日志,加 --follow 持续显示",
    "figures": "统计指标:接通率等,附每个数的口径",
    "quality": "质检:draw 抽取来电、sheet 五项打分、list 列出质检表",
    "seat": "座席话机:add 添加、list 列出、import 导入、remove 移除",
    "explain": "派席说明:一通来电为什么派给那个座席",
    "recordings": "录音:list 列出、listen 调听、sweep 核对、hold 保全、keep 按规则删除",
    "unit": "承办单位:list 列出、import 导入、contacts 联络员、duty 值班",
    "ticket": "工单:list 列出、show 查看、dispatch 派单等每一步、history 历史",
    "visit": "回访:due 待回访、record 登记、exclude 申请剔除、approve 批准、rates 满意率",
    "consequences": "后果:按配置档的规则列出通报、扣分、表扬和名次,件件有证据",
    "register": "问责登记:add 登记、list 列出、totals 合计",
    "user": "工单用户:add 添加、list 列出、import 导入、history 谁改过",
    "key": "接口密钥:add 生成、list 列出、revoke 停用",
    "webhook": "回调:add 添加、list 列出、remove 移除、test 试送",
    "sms": "短信:list 列出、again 再发",
    "attachment": "工单附件:add 添加、list 列出、save 取出",
    "meeting": "会议:联席会议、逢6、领导接听的议题和集中交办",
    "study": "学习培训:add 登记、list 列出、withdraw 撤销、due 还没有研究的单位",
    "profile": "配置档:list 列出、show 和默认不同的、check 检查",
    "due": "到期日:何时收到、多长时限,到哪一天;--explain 逐日说明",
    "report": "通报:周报、旬报、月报、季度排名、年度通报、专题、专报",
    "simulate": "演练一天:虚拟时钟上的真引擎,加 --chaos 随机捣乱",
    "test": "运行全部测试",
    "check": "格式、类型、依赖关系和快速测试",
    "bench": "性能测试",
}


def main(arguments: list[str]) -> int:
    """Run one command; an error of ours is one sentence on the error output."""
    parser = Arguments(
        prog="./hotline", description="12345 热线呼叫引擎", epilog="每个命令的选项:./hotline 命令 --help"
    )
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True)
    # Only the asked command is loaded: the others may need what this machine does not have.
    asked = next((word for word in arguments if word in COMMANDS), None)
    for name, help_text in COMMANDS.items():
        own = commands.add_parser(name, help=help_text, description=help_text)
        if name == asked:
            import_module(f"app.commands.{name}").add_arguments(own)
    known, rest = parser.parse_known_args(arguments)
    if rest and known.command != "test":
        parser.error(f"不认识的选项:{' '.join(rest)}")
    known.rest = rest
    try:
        return int(import_module(f"app.commands.{known.command}").run(known))
    except HotlineError as error:
        print(f"错误:{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us, `head` for instance, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
