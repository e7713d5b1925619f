"""错误: one base; the docstring of an error is its sentence, the facts stand behind it."""

from inspect import cleandoc


class HotlineError(Exception):
    """热线系统出错。"""

    def __init__(self, **facts: object) -> None:
        """Keep the facts that tell this case from another."""
        self.facts = facts
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Say in one line what is wrong and how to mend it."""
        said = " ".join(cleandoc(self.__doc__ or "").split())
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{said} ({told})" if told else said
