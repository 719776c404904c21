"""Words that say nothing about what somebody is looking for."""

from __future__ import annotations

FRENCH = """
a ai ainsi ait alors as au aux avec avoir besoin bonjour c ce cela ces cet cette chez comme comment d dans de deja des
dois doit donc du elle elles en encore est et etre eu faire faut fait il ils j je jusqu l la le les leur leurs lui m ma
mais me mes moi mon n ne nos notre nous on ont ou par plus pour pourrais pouvoir puis qu quand que quel quelle quelles
quels qui quoi s sa sans se sera ses si son sont suis sur t ta te tes toi ton tous tout toute toutes tu un une va vais
veut viens veux voici voila voudrais vos votre voulons vous vouloir y
"""
DUTCH = """
aan al als alle ben bent bij daar dan dat de deze dit doe doen door een en er ga gaan graag haar had heb hebben hebt
heeft het hier hij hoe hun ik in is je jouw kan kun kunnen laten maak maar maken me met mijn moet moeten mij na naar
nodig nog nu of om onze ons ook op over te ten tot u uit uw van voor waar waarom wanneer was wat we wel werd wie wij
wil wilt willen word wordt zal ze zich zij zijn zo zou
"""
ENGLISH = """
a about after all am an and any are at be because been before but by can could d did do does doing for from get getting
had has have hello her here him his how i if in into is it its just ll m make me must my need needs of on or our please
re s shall she should so some that the their them there these they this to us ve want wants was we were what when where
which who why will with would you your
"""
GERMAN = """
aber alle als am an auch auf aus bei beim bekommen bin bis bitte da damit dann das dass dem den der des die diese
dieser dieses doch du durch ein eine einem einen einer eines er es euch fuer fur guten hab habe haben hat hatte hier
ich ihr ihre ihren im in ins ist ja kann kein keine konnen lassen machen man mein meine meinem meinen meiner mich mir
mit mochte muss nach nicht noch nun nur ob oder sein seine sich sie sind so soll tag um und uns unser unsere vom von
vor wann war was weil wenn wer werden wie will wir wird wo wollen zu zum zur
"""

FILLERS = frozenset(" ".join((FRENCH, DUTCH, ENGLISH, GERMAN)).split())
"""Articles, pronouns and the like in every language, folded as ``core.text.folded`` does.

*pas* and *sans* are different words in different languages, and the first is a Dutch card: it is not here.
"""
