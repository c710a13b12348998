"""ChatML, the chat template of the Qwen models. Their tokenizers put no token in front of a text."""

# Ends the model's answer where a conversation goes on behind it.
TURN_END = "<|im_end|>\n"


def user_turn(content: str, system: str = "") -> str:
    """A conversation of one question, up to where the answer begins."""
    before = f"<|im_start|>system\n{system}<|im_end|>\n" if system else ""
    return f"{before}<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n"
